import { createRequire } from 'node:module';

const { table } = createRequire(import.meta.url)('./confusables.json') as { readonly table: Record<string, string> };

const LATIN = new Map(
  Object.entries(table).flatMap(([latin, characters]) =>
    Array.from(characters, (character) => [character, latin] as const),
  ),
);

const ASCII = /^[\x00-\x7f]*$/;
const MARKS = /[\p{M}\p{Cf}]/gu;

/**
 * What a text looks like in plain lower-case Latin (UTS 39, towards ASCII only): `рауpal` with Cyrillic letters becomes `paypal`.
 * Marks, zero-width characters and full-width forms vanish; letters of other scripts that resemble none stay.
 */
export function skeleton(text: string): string {
  if (ASCII.test(text)) return text.toLowerCase();
  let result = '';
  for (const character of text)
    result += LATIN.get(character) ?? (ASCII.test(character) ? character : decomposed(character));
  return result.toLowerCase();
}

/** Without marks and compatibility forms; what is left may still look like something else. */
function decomposed(character: string): string {
  let result = '';
  for (const piece of character.normalize('NFKD').replace(MARKS, '')) result += LATIN.get(piece) ?? piece;
  return result;
}

/**
 * Folds the ASCII look-alikes as well (0 and o, 1, i and l, rn and m, vv and w), for comparing names of sites and companies with each
 * other; the result is no readable text. Both sides must be folded.
 */
export function folded(text: string): string {
  return skeleton(text).replace(/rn|vv|[013458|!$@i]/g, (match) => FOLDS[match] ?? match);
}

const FOLDS: Readonly<Record<string, string>> = {
  rn: 'm',
  vv: 'w',
  '0': 'o',
  '1': 'l',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '8': 'b',
  '|': 'l',
  '!': 'l',
  i: 'l',
  $: 's',
  '@': 'a',
};
