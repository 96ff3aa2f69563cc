import { PosternError } from '../../errors.js';

export interface FilterTerm {
  /** Lower case, such as `username` or `emails.value`. */
  readonly attribute: string;
  readonly value: string;
}

const TERM =
  /^\s*(?:urn:[\w.:-]+:)?([a-z][\w.$-]*)(?:\[([^\]]{1,200})\])?(?:\.(\w+))?\s+eq\s+("(?:[^"\\]|\\.)*"|true|false)\s*/i;
const LONGEST = 1000;

/**
 * The terms of a filter (RFC 7644, 3.4.2.2) that all have to hold. Directories look people and groups up by equality, and no more is
 * understood. Throws `scim.filter-invalid` for anything else, so that no list is longer than was asked for.
 */
export function readFilter(text: string): readonly FilterTerm[] {
  const terms: FilterTerm[] = [];
  let rest = text;
  while (terms.length < 5 && text.length <= LONGEST) {
    const match = TERM.exec(rest);
    if (match === null) break;
    const [all, attribute = '', , sub, quoted = ''] = match;
    terms.push({
      attribute: (sub === undefined ? attribute : `${attribute}.${sub}`).toLowerCase(),
      value: unquoted(quoted),
    });
    rest = rest.slice(all.length);
    if (rest === '') return terms;
    const and = /^and\s+/i.exec(rest);
    if (and === null) break;
    rest = rest.slice(and[0].length);
  }
  throw new PosternError('scim.filter-invalid', 'Only comparisons with eq, joined by and, are understood.');
}

function unquoted(text: string): string {
  if (!text.startsWith('"')) return text.toLowerCase();
  const value = parsed(text);
  // Escaped in the filter they come past whoever looked at the request, and no text of the database holds them.
  if (value !== null && !/\0|\p{Surrogate}/u.test(value)) return value;
  throw new PosternError('scim.filter-invalid', 'A value of the filter is no string.');
}

function parsed(text: string): string | null {
  try {
    return JSON.parse(text) as string;
  } catch {
    return null;
  }
}
