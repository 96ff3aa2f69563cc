import { registrableDomain } from '../../../mail/domains.js';
import { skeleton } from '../../brands/skeleton.js';
import { factScanner } from '../../fact-scanner.js';
import type { Finding } from '../../scanner.js';
import { headerPlace, senderOf } from '../../sender.js';

const ADDRESS = /[\p{L}\p{N}._%+-]{1,64}@([\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,6})/u;
const DOMAIN =
  /(?:^|[\s(["'])((?:[\p{L}\p{N}-]{1,63}\.){1,4}(?:com|net|org|de|fr|it|es|nl|uk|br|ca|au|jp|in|us|gov|edu|ch|at|eu))(?=$|[\s)\]"',])/iu;
/** Direction overrides, joiners and blanks that no name needs; marks of Arabic, Hebrew and Indic names are not among them. */
const INVISIBLE =
  /[\u00ad\u034f\u061c\u115f\u1160\u180e\u200b\u2028-\u202e\u2060-\u2069\u3164\ufeff\u{e0000}-\u{e007f}]/u;
const LATIN = /[a-z]/i;
const DRESSED = /[\u0370-\u052f\u13a0-\u13ff\uff21-\uff5a\u{1d400}-\u{1d7ff}]/u;

/** Tricks inside the display name: another address, invisible characters, letters of other alphabets. */
export const displayName = factScanner('headers', 'display-name', (message) => {
  const { name, organisation, address } = senderOf(message);
  if (name === '') return [];
  const findings: Finding[] = [];
  const at = headerPlace(message, 'from');
  const held = heldDomain(name);
  if (held !== null && held.domain !== organisation) {
    findings.push({
      id: 'headers.name-holds-address',
      evidence: `the name says “${held.shown}”, the address is ${address}`,
      at,
      strength: held.shown.includes('@') ? 1 : 0.6,
      indicators: [{ kind: 'domain', value: held.domain }],
    });
  }
  const hidden = INVISIBLE.exec(name)?.[0];
  if (hidden !== undefined) {
    const code = `U+${(hidden.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
    findings.push({
      id: 'headers.name-invisible-characters',
      evidence: `the sender’s name holds invisible characters (${code})`,
      at,
    });
  }
  if (disguisedWord(name)) {
    findings.push({
      id: 'headers.name-look-alike-letters',
      evidence: `the sender’s name “${name.slice(0, 80)}” is written with look-alike letters and reads “${skeleton(name).slice(0, 80)}”`,
      at,
    });
  }
  return findings;
});

function heldDomain(name: string): { readonly shown: string; readonly domain: string } | null {
  const text = name.slice(0, 400);
  const match = ADDRESS.exec(text) ?? DOMAIN.exec(text);
  if (match === null) return null;
  const host = (match[1] ?? '').toLowerCase();
  const domain = registrableDomain(host) || host;
  return { shown: match[0].trim(), domain };
}

/** A word that is part Latin, part letters that only look it. A Greek or Russian name is neither. */
function disguisedWord(name: string): boolean {
  if (!DRESSED.test(name)) return false;
  return name.split(/\s+/).some((word) => {
    if (!DRESSED.test(word)) return false;
    const plain = skeleton(word);
    return /^[\p{ASCII}]+$/u.test(plain) && (LATIN.test(word) || /[\u{1d400}-\u{1d7ff}]/u.test(word));
  });
}
