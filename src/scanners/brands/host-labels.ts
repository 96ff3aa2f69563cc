import type { Brand } from './brands.js';
import { Layered } from './layered.js';
import type { Entry } from './layered.js';
import { folded } from './skeleton.js';

/** A name that a brand's hosts carry. */
export interface Label {
  readonly label: string;
  readonly brand: Brand;
}

/** The names of all brands, as hosts are compared with them. */
export interface Labels {
  readonly plain: Layered<Label>;
  readonly folded: Layered<Label>;
  /** With one letter taken out. */
  readonly oneLess: Layered<Label>;
}

export const SHORTEST_TYPO = 6;
export const SHORTEST_COMBINED = 4;

/** Aliases and product names that are words of their own: they name the brand in a text, but mean nothing in a host. */
const GENERIC = new Set([
  'outlook',
  'booking',
  'magenta',
  'confluence',
  'acrobat',
  'spectrum',
  'jira',
  'mygov',
  'intesa',
  'lloyds',
  'audible',
  'teams',
  'itau',
  'digid',
  'elster',
  'bosch',
  'postch',
  'tonline',
  'tmobile',
  'online',
  'magalu',
]);

export function indexLabels(entries: readonly Entry[], below: Labels | null): Labels {
  const plain = new Layered<Label>(below?.plain ?? null);
  const fold = new Layered<Label>(below?.folded ?? null);
  const shorter = new Layered<Label>(below?.oneLess ?? null);
  for (const entry of entries) {
    const { brand } = entry;
    const insisted = entry.added === brand ? null : labelsOf(entry.added);
    for (const label of labelsOf(brand)) {
      if (label.length < SHORTEST_COMBINED - 1) continue;
      const named = { label, brand };
      const own = insisted === null || insisted.has(label);
      plain.add(label, named, entry, own);
      if (label.length < SHORTEST_COMBINED) continue;
      fold.add(folded(label), named, entry, own);
      if (label.length < SHORTEST_TYPO || brand.commonWord === true) continue;
      for (const one of oneLess(label)) shorter.add(one, named, entry, own);
    }
  }
  return { plain, folded: fold, oneLess: shorter };
}

/** The names a brand's hosts carry: first labels of its domains, and its own name written together. */
function labelsOf(brand: Brand): ReadonlySet<string> {
  const fromName = [brand.name, ...brand.aliases].map((name) => name.toLowerCase().replace(/[^a-z0-9]/g, ''));
  const fromDomains = brand.domains.map((domain) => domain.split('.')[0] ?? '');
  const coined = fromDomains.filter((label) => fromName.some((name) => name !== '' && label.includes(name)));
  const wordy = brand.name.includes(' ') && brand.commonWord === true;
  return new Set(wordy ? coined : [...fromName, ...coined].filter((label) => !GENERIC.has(label)));
}

export function oneLess(word: string): string[] {
  return Array.from(word, (_, at) => word.slice(0, at) + word.slice(at + 1));
}
