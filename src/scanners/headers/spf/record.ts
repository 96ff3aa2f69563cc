/** RFC 7208 §4.6: an SPF record taken apart. */
export interface SpfRecord {
  readonly directives: readonly Directive[];
  readonly redirect: string | null;
}

export interface Directive {
  readonly qualifier: '+' | '-' | '~' | '?';
  readonly mechanism: 'all' | 'include' | 'a' | 'mx' | 'ptr' | 'ip4' | 'ip6' | 'exists';
  /** Domain with macros, or the network's address; null where the mechanism means the domain itself. */
  readonly target: string | null;
  /** Prefix lengths for IPv4 and IPv6. */
  readonly prefix4: number;
  readonly prefix6: number;
}

const MACRO = '%(?:\\{[slodipvhSLODIPVH]\\d{0,3}r?[.\\-+,/_=]*\\}|%|_|-)';
const DOMAIN_SPEC = new RegExp(
  `^(?:[\\x21-\\x24\\x26-\\x7e]|${MACRO})*(?:\\.(?:[a-z0-9]*[a-z][a-z0-9]*|[a-z0-9]+-[a-z0-9-]*[a-z0-9])\\.?|${MACRO})$`,
  'i',
);
const MACRO_STRING = /^(?:[\x21-\x24\x26-\x7e]|%(?:\{[slodipvhcrt]\d{0,3}r?[.\-+,/_=]*\}|%|_|-))*$/i;
const ZERO_DIGITS = /%\{[a-z]0/i;
const TERM = /^([+\-~?])?([a-z0-9]+)(?::([^/]*(?:\/(?!\/?\d+(?:\/|$))[^/]*)*))?(?:\/(\d+))?(?:\/\/(\d+))?$/i;
const MODIFIER = /^([a-z][a-z0-9_.-]*)=(.*)$/i;
const LONGEST = 4096;

/** The record's meaning; null where its syntax is wrong anywhere, which makes all of it a permanent error. */
export function parseRecord(text: string): SpfRecord | null {
  if (text.length > LONGEST || !/^[\x20-\x7e]*$/.test(text)) return null;
  const directives: Directive[] = [];
  const modifiers = new Map<string, string>();
  for (const term of text.split(/ +/).slice(1)) {
    if (term === '') continue;
    const modifier = MODIFIER.exec(term);
    if (modifier !== null) {
      const [, name = '', value = ''] = modifier;
      const known = /^(?:redirect|exp)$/i.test(name);
      if (known ? modifiers.has(name.toLowerCase()) || !isDomainSpec(value) : !MACRO_STRING.test(value)) return null;
      modifiers.set(name.toLowerCase(), value);
      continue;
    }
    const directive = parseDirective(term);
    if (directive === null) return null;
    directives.push(directive);
  }
  return { directives, redirect: modifiers.get('redirect') ?? null };
}

function parseDirective(term: string): Directive | null {
  const match = TERM.exec(term);
  if (match === null) return null;
  const [, qualifier = '+', name = '', target, four, six] = match;
  const mechanism = name.toLowerCase();
  const prefix4 = prefix(four, mechanism === 'ip6' ? 128 : 32);
  const prefix6 = prefix(six, 128);
  if (prefix4 === null || prefix6 === null) return null;
  const base = { qualifier: qualifier as Directive['qualifier'], target: target ?? null, prefix4, prefix6 };
  const noPrefix = four === undefined && six === undefined;
  switch (mechanism) {
    case 'all':
      return target === undefined && noPrefix ? { ...base, mechanism } : null;
    case 'include':
    case 'exists':
      return target !== undefined && noPrefix && isDomainSpec(target) ? { ...base, mechanism } : null;
    case 'ptr':
      return noPrefix && (target === undefined || isDomainSpec(target)) ? { ...base, mechanism } : null;
    case 'a':
    case 'mx':
      return target === undefined || isDomainSpec(target) ? { ...base, mechanism } : null;
    case 'ip4':
      return target !== undefined && six === undefined && isIpv4(target) ? { ...base, mechanism } : null;
    case 'ip6': {
      const valid = target !== undefined && six === undefined && target.includes(':');
      return valid ? { ...base, mechanism, prefix6: four === undefined ? 128 : prefix4 } : null;
    }
    default:
      return null;
  }
}

function prefix(digits: string | undefined, most: number): number | null {
  if (digits === undefined) return most;
  const bits = Number(digits);
  return bits <= most && (digits === '0' || !digits.startsWith('0')) ? bits : null;
}

function isDomainSpec(text: string): boolean {
  return DOMAIN_SPEC.test(text) && !ZERO_DIGITS.test(text);
}

function isIpv4(text: string): boolean {
  return /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/.test(text);
}
