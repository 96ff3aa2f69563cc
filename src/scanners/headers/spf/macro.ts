/** What the letters of a macro stand for. */
export interface MacroValues {
  readonly ip: readonly number[];
  readonly sender: string;
  readonly domain: string;
  readonly helo: string;
  /** The client's name as its own network vouches for it; asked for only when a macro needs it. */
  readonly validated: () => Promise<string>;
}

const LONGEST_NAME = 253;

/** RFC 7208 §7: a domain with its macros filled in, cut from the left to what fits into a name. */
export async function expand(text: string, values: MacroValues): Promise<string> {
  let result = '';
  for (const match of text.matchAll(/%(?:\{([a-z])(\d*)(r?)([.\-+,/_=]*)\}|([%_-]))|[^%]+/gi)) {
    const [whole, letter, digits = '', reverse = '', delimiters = '', literal] = match;
    if (literal !== undefined) result += literal === '%' ? '%' : literal === '_' ? ' ' : '%20';
    else if (letter === undefined) result += whole;
    else result += await filled(letter, digits, reverse !== '', delimiters, values);
  }
  return shortened(result.replace(/\.$/, ''));
}

async function filled(
  letter: string,
  digits: string,
  reverse: boolean,
  delimiters: string,
  values: MacroValues,
): Promise<string> {
  const value = await valueOf(letter.toLowerCase(), values);
  const parts = value.split(delimiters === '' ? '.' : new RegExp(`[${delimiters.replace(/[-\]\\^]/g, '\\$&')}]`));
  if (reverse) parts.reverse();
  const kept = digits === '' ? parts : parts.slice(-Number(digits));
  const text = kept.join('.');
  return letter === letter.toUpperCase() ? encodeURIComponent(text) : text;
}

async function valueOf(letter: string, { ip, sender, domain, helo, validated }: MacroValues): Promise<string> {
  const at = sender.lastIndexOf('@');
  switch (letter) {
    case 's':
      return sender;
    case 'l':
      return sender.slice(0, at);
    case 'o':
      return sender.slice(at + 1);
    case 'd':
      return domain;
    case 'i':
      return ip.length === 4 ? ip.join('.') : nibbles(ip).join('.');
    case 'p':
      return validated();
    case 'v':
      return ip.length === 4 ? 'in-addr' : 'ip6';
    case 'h':
      return helo;
    default:
      return '';
  }
}

/** `in-addr.arpa` and `ip6.arpa` names for reverse lookups. */
export function reverseName(ip: readonly number[]): string {
  return ip.length === 4
    ? `${[...ip].reverse().join('.')}.in-addr.arpa`
    : `${nibbles(ip).reverse().join('.')}.ip6.arpa`;
}

function nibbles(ip: readonly number[]): string[] {
  return ip.flatMap((byte) => [(byte >> 4).toString(16), (byte & 15).toString(16)]);
}

function shortened(name: string): string {
  let rest = name;
  while (rest.length > LONGEST_NAME && rest.includes('.')) rest = rest.slice(rest.indexOf('.') + 1);
  return rest;
}
