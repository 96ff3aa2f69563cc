const DOT = 0x2e;
/** What RFC 3986 keeps out of addresses, "delimiters and unwise", but for the bar, which occurs in them. */
const EXCLUDED = new Set(Buffer.from('"<>\\^`{}'));

/** Letters, digits, hyphen, underscore, dot; letters of any script, and the symbols that some registries sold. */
export function isHostCode(code: number): boolean {
  if (code < 0x80) return isAsciiHostCode(code) || code === DOT;
  return code >= 0xa1 && !isPunctuation(code);
}

/** What a host without a scheme is made of: letters of Latin alphabets, digits, hyphen, underscore. */
export function isBareHostCode(code: number): boolean {
  return code < 0x80 ? isAsciiHostCode(code) : code >= 0xc0 && code < 0x250 && code !== 0xd7 && code !== 0xf7;
}

function isAsciiHostCode(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x30 && code <= 0x39) ||
    code === 0x2d ||
    code === 0x5f
  );
}

/** What may stand in a path, query or fragment. Scripts written without spaces end an address: it would swallow the sentence. */
export function isUrlCode(code: number): boolean {
  if (code < 0x80) {
    return code > 0x20 && code < 0x7f && !EXCLUDED.has(code);
  }
  if (code >= 0x2010 && code <= 0x2015) return true;
  return code >= 0xc0 && code < 0x2e80 && !isPunctuation(code);
}

/** Whether an address may begin after this character: not inside a word, a mention, a price. */
export function mayPrecede(code: number): boolean {
  if (code < 0x80) return !isAsciiHostCode(code) && code !== 0x40 && code !== 0x23 && code !== 0x24 && code !== 0x2f;
  return code !== 0xff20 && code !== 0xff03 && !isBareHostCode(code);
}

/** Spaces, invisible characters and punctuation outside ASCII. */
function isPunctuation(code: number): boolean {
  return (
    (code >= 0xa0 && code <= 0xbf && code !== 0xaa && code !== 0xb5 && code !== 0xba) ||
    (code >= 0x2000 && code <= 0x206f) ||
    (code >= 0x3000 && code <= 0x3004) ||
    (code >= 0x3008 && code <= 0x3020) ||
    (code >= 0xff00 && code <= 0xff0f) ||
    (code >= 0xff1a && code <= 0xff20) ||
    code === 0xfeff ||
    code === 0xfffd ||
    (code >= 0xd800 && code <= 0xdfff)
  );
}
