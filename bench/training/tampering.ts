import { createChance, HEX, type Chance } from '../ham/random.js';

/**
 * Ways to take from a message what the way of collecting put there. What is lost with each is what leans on it.
 */
export const TAMPERINGS: Readonly<Record<string, (raw: Buffer, seed: number) => Buffer>> = {
  'without authentication results': (raw) =>
    editHeader(raw, (fields) => without(fields, /^(?:authentication-results|dkim-signature|received-spf)$/)),
  'without any trace of transport': (raw) =>
    editHeader(raw, (fields) =>
      without(fields, /^(?:authentication-results|dkim-signature|return-path|received|message-id|received-spf)$/),
    ),
  'other dates, identifiers and field order': (raw, seed) =>
    editHeader(raw, (fields) => {
      const chance = createChance(seed);
      const changed = fields.map((field) => {
        if (/^date:/i.test(field))
          return `Date: ${new Date(1.5e12 + chance.next() * 2.5e11).toUTCString().replace('GMT', '+0000')}`;
        return /^message-id:/i.test(field) ? field.replace(/<[^@>]*@/, `<${chance.code(16, HEX)}@`) : field;
      });
      return shuffle(changed, chance);
    }),
  'other recipients': (raw, seed) => {
    const chance = createChance(seed);
    const other = `${chance.pick(['anna', 'j.doe', 'sales', 'office'])}@${chance.code(7, 'abcdefghijklm')}.${chance.pick(['com', 'org', 'de', 'net'])}`;
    return Buffer.from(raw.toString('latin1').replaceAll('rcpt@corp.example', other), 'latin1');
  },
  'other senders': (raw, seed) => {
    const chance = createChance(seed);
    return editHeader(raw, (fields) =>
      fields.map((field) =>
        /^from:/i.test(field)
          ? field.replace(
              /[\w.+-]+@[\w.-]+/,
              `${chance.code(6, 'abcdefghij')}@${chance.code(8, 'abcdefghijklmno')}.com`,
            )
          : field,
      ),
    );
  },
  'without replies and threads': (raw) =>
    editHeader(raw, (fields) =>
      without(fields, /^(?:in-reply-to|references|thread-.*)$/).map((field) =>
        field.replace(/^subject:\s*(?:re|fwd?|aw):\s*/i, 'Subject: '),
      ),
    ),
};

/** Header fields with their folded lines, edited and put back; the body's bytes stay as they are. */
function editHeader(raw: Buffer, edit: (fields: string[]) => string[]): Buffer {
  const end = raw.indexOf('\r\n\r\n');
  if (end < 0) return raw;
  const fields = raw
    .subarray(0, end)
    .toString('latin1')
    .split(/\r\n(?![ \t])/);
  return Buffer.concat([Buffer.from(edit(fields).join('\r\n'), 'latin1'), raw.subarray(end)]);
}

function without(fields: readonly string[], names: RegExp): string[] {
  return fields.filter((field) => !names.test(field.slice(0, field.indexOf(':')).toLowerCase()));
}

function shuffle<T>(items: readonly T[], chance: Chance): T[] {
  const result = [...items];
  for (let i = result.length - 1; i > 0; i--) {
    const j = chance.below(i + 1);
    const kept = result[i];
    const other = result[j];
    if (kept === undefined || other === undefined) continue;
    result[i] = other;
    result[j] = kept;
  }
  return result;
}
