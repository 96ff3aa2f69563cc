import type { Lookup, LookupAnswer } from '../../../src/scanners/scanner.js';

/** Records of a name as the SPF suite writes them: `{ TXT: … }`, or 'TIMEOUT' for a name server that stays silent. */
export type ZoneData = Readonly<Record<string, readonly (string | Readonly<Record<string, unknown>>)[]>>;

/** A resolver over a suite's own zones; nothing else exists. */
export function lookupIn(zones: ZoneData): Lookup {
  const names = new Map(Object.entries(zones).map(([name, records]) => [name.toLowerCase(), records]));
  return {
    dns: (name, type) => Promise.resolve(answer(records(name), type)),
    reputation: () => Promise.resolve({ unavailable: 'offline' }),
    llm: () => Promise.resolve({ unavailable: 'offline' }),
  };

  /** As a resolver does, an alias is followed. */
  function records(name: string): readonly (string | Readonly<Record<string, unknown>>)[] {
    const own = names.get(name.toLowerCase().replace(/\.$/, '')) ?? [];
    const alias = own.find((record) => typeof record !== 'string' && 'CNAME' in record);
    return typeof alias === 'object' ? records(String(alias.CNAME)) : own;
  }
}

function answer(
  records: readonly (string | Readonly<Record<string, unknown>>)[],
  type: string,
): LookupAnswer<readonly (string | readonly string[])[]> {
  // The suite was written when SPF had a record type of its own; a name without TXT answers those as TXT.
  const hasText = records.some((record) => typeof record !== 'string' && 'TXT' in record);
  const wanted = type === 'TXT' && !hasText ? ['TXT', 'SPF'] : [type];
  const found: (string | readonly string[])[] = [];
  for (const record of records) {
    if (typeof record === 'string') {
      if (found.length === 0) return { unavailable: 'time-out' };
      break;
    }
    const [[kind, value]] = Object.entries(record) as [[string, unknown]];
    if (!wanted.includes(kind) || value === 'NONE') continue;
    if (value === 'TIMEOUT') return { unavailable: 'time-out' };
    found.push(Array.isArray(value) ? value.map(String) : String(value));
  }
  return { answer: found };
}
