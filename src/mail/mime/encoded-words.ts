import { decodeText } from './charsets.js';
import type { DefectLog } from './defect-log.js';
import { decodeQuotedPrintable } from './transfer-encoding.js';

interface Word {
  readonly charset: string;
  readonly bytes: Buffer;
  readonly end: number;
}

/**
 * Decodes the encoded words (RFC 2047) of an unfolded value. White space between adjacent words goes; the bytes of neighbours in one
 * charset are joined before decoding, because many mailers split characters between words. Broken words stay as they are.
 */
export function decodeWords(value: string, defects: DefectLog): string {
  let start = value.indexOf('=?');
  if (start === -1) return value;
  let out = '';
  let at = 0;
  let pending: Word | null = null;
  while (start !== -1) {
    const word = readWord(value, start, defects);
    if (word === 'unterminated') break;
    if (word !== null) {
      const between: string = value.slice(at, start);
      const adjacent: boolean = pending !== null && between.trim() === '';
      if (adjacent && pending?.charset === word.charset) {
        pending = { ...word, bytes: Buffer.concat([pending.bytes, word.bytes]) };
      } else {
        out += flush(pending, defects) + (adjacent ? '' : between);
        pending = word;
      }
      at = word.end;
    }
    start = value.indexOf('=?', word === null ? start + 2 : at);
  }
  return withoutControls(out + flush(pending, defects) + value.slice(at));
}

function flush(word: Word | null, defects: DefectLog): string {
  return word === null ? '' : decodeText(word.bytes, word.charset, defects);
}

function readWord(value: string, start: number, defects: DefectLog): Word | 'unterminated' | null {
  const charsetEnd = value.indexOf('?', start + 2);
  if (charsetEnd === -1) return 'unterminated';
  const charset = value.slice(start + 2, Math.min(charsetEnd, start + 80));
  const encoding = value[charsetEnd + 1]?.toLowerCase();
  if (!/^[^\s=?]+$/.test(charset) || value[charsetEnd + 2] !== '?' || (encoding !== 'b' && encoding !== 'q'))
    return null;
  const textStart = charsetEnd + 3;
  const textEnd = value.indexOf('?=', textStart);
  if (textEnd === -1) {
    defects.add('encoded-word-damaged', value.slice(start, start + 60));
    return 'unterminated';
  }
  const text = value.slice(textStart, textEnd);
  const bytes =
    encoding === 'b'
      ? Buffer.from(text, 'base64')
      : decodeQuotedPrintable(Buffer.from(text.replaceAll('_', ' '), isLatin1(text) ? 'latin1' : 'utf8'));
  // RFC 2231 §5 allows a language after an asterisk.
  return { charset: (charset.split('*')[0] ?? '').toLowerCase(), bytes, end: textEnd + 2 };
}

function isLatin1(text: string): boolean {
  return !/[^\u0000-\u00ff]/.test(text);
}

/** An encoded word may hold line breaks and NULs, which must not come back as structure. */
function withoutControls(text: string): string {
  return text.replace(/[\u0000-\u0008\u000a-\u001f\u007f]+/g, ' ');
}
