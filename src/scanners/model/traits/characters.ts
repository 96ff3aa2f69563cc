/** What a text is made of, as far as traits ask. */
export interface Characters {
  readonly letters: number;
  readonly capitals: number;
  readonly exclaims: number;
  readonly pictures: number;
}

const LETTER = 1;
const CAPITAL = 2;
const PICTURE = 4;
const ASKED = 8;
const FULL_WIDTH_EXCLAMATION = 0xff01;

/** What Unicode says of a character, asked once each: matching a text of 15,000 characters makes as many strings. */
const kinds = new Uint8Array(0x110000);

export function countCharacters(text: string): Characters {
  let letters = 0;
  let capitals = 0;
  let exclaims = 0;
  let pictures = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.codePointAt(i) ?? 0;
    if (code > 0xffff) i++;
    const kind = kindOf(code);
    if ((kind & LETTER) !== 0) letters++;
    if ((kind & CAPITAL) !== 0) capitals++;
    if ((kind & PICTURE) !== 0) pictures++;
    if (code === 33 || code === FULL_WIDTH_EXCLAMATION) exclaims++;
  }
  return { letters, capitals, exclaims, pictures };
}

function kindOf(code: number): number {
  const known = kinds[code] ?? 0;
  if (known !== 0) return known;
  const character = String.fromCodePoint(code);
  const kind =
    ASKED |
    (/\p{L}/u.test(character) ? LETTER : 0) |
    (/\p{Lu}/u.test(character) ? CAPITAL : 0) |
    (/\p{Extended_Pictographic}/u.test(character) ? PICTURE : 0);
  kinds[code] = kind;
  return kind;
}
