import type { Message } from '../../../mail/message.js';

/** `local@domain` without anything a reader could take apart in two ways. */
const PLAIN_ADDRESS = /^[^\s@<>()",;:\\[\]\p{C}]+@(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/u;
const ENCODED_WORD = /=\?[^?\s]{1,40}\?[bq]\?[^?\s]*\?=/i;
const MAX_NAME = 998;

/** Why it is not beyond doubt who sent the message and who gets the answer; null when it is. */
export function identityConflict(message: Message): string | null {
  const conflict = fromConflict(message);
  if (conflict !== null) return conflict;
  for (const name of ['sender', 'reply-to']) {
    if (message.headers.filter((one) => one.name === name).length > 1) return `several ${name} fields`;
  }
  // A line that is no field ends the header for some readers: they would show other fields than the ones that were verified.
  if (message.defects.some(({ kind }) => kind === 'header-malformed'))
    return 'a header that readers understand differently';
  return null;
}

/** Why the From field can be read in more than one way; null when it cannot. */
export function fromConflict(message: Message): string | null {
  const { identity, headers } = message;
  const fields = headers.filter(({ name }) => name.replace(/[^a-z]/g, '') === 'from');
  if (identity.fromFields > 1 || fields.length > 1)
    return `${Math.max(identity.fromFields, fields.length)} From fields`;
  const [field] = fields;
  if (field === undefined || identity.from.length === 0) return 'no sender address';
  if (field.name !== 'from') return 'a From field with an odd name';
  if (identity.from.length > 1) return `${identity.from.length} addresses in From`;
  const [sender] = identity.from;
  if (sender === undefined || sender.address.length > 320 || !PLAIN_ADDRESS.test(sender.address))
    return 'a From address that is none';
  return oddities(field.raw, sender.name);
}

/** What makes programs disagree about one From field: each takes another part of it for the address. */
function oddities(raw: string, name: string): string | null {
  if (raw.length > MAX_NAME * 4) return 'a From field of extreme length';
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffd]/.test(raw) || /\r(?!\n)/.test(raw))
    return 'control characters in From';
  if (/\p{Cc}|[<>]/u.test(name) || encodesLineEnd(raw)) return 'an address hidden in the encoded name';
  const bare = withoutQuotesAndComments(raw);
  if (bare === null) return 'an unclosed quote or bracket in From';
  if ((bare.match(/</g) ?? []).length > 1 || (bare.match(/>/g) ?? []).length > 1)
    return 'several addresses in brackets in From';
  if (new Set(bare.match(/[^\s<>(),;:]*@[^\s<>(),;:]*/g)?.map((one) => one.toLowerCase())).size > 1)
    return 'several addresses in From';
  if (/@[^\s<>]*@/.test(bare)) return 'several @ in one address of From';
  if (/[,;:]/.test(bare)) return 'a list or group in From';
  const angle = /<([^>]*)>/.exec(bare)?.[1];
  if (ENCODED_WORD.test(angle ?? (bare.includes('<') ? '' : bare))) return 'an encoded address in From';
  if (angle !== undefined && !angle.includes('@')) return 'an address outside the brackets in From';
  if (/>\s*\S/.test(bare)) return 'text after the address in From';
  return null;
}

/** Programs written in C end the name at an encoded NUL, careless ones start a new field at an encoded line break. */
function encodesLineEnd(raw: string): boolean {
  for (const [, encoding = '', text = ''] of raw.matchAll(/=\?[^?\s]{1,40}\?([bq])\?([^?\s]*)\?=/gi)) {
    if (
      encoding.toLowerCase() === 'q'
        ? /=0[0ad]/i.test(text)
        : /[\0\r\n]/.test(Buffer.from(text, 'base64').toString('latin1'))
    ) {
      return true;
    }
  }
  return false;
}

/** The structure of the field; a comment that holds an address is kept, since some readers show it as the sender. */
function withoutQuotesAndComments(raw: string): string | null {
  let bare = '';
  let depth = 0;
  let quoted = false;
  let comment = '';
  for (let at = 0; at < raw.length; at++) {
    const char = raw[at] ?? '';
    if (char === '\\' && (quoted || depth > 0)) at++;
    else if (quoted) quoted = char !== '"';
    else if (char === '(') depth++;
    else if (depth > 0) {
      if (char === ')') depth--;
      else comment += char;
    } else if (char === '"') {
      quoted = true;
      // A quoted local part is legal and unknown in practice; readers differ on it.
      bare += ' ';
    } else bare += char;
  }
  if (quoted || depth > 0) return null;
  return comment.includes('@') ? `${bare} ${comment}` : bare;
}
