import { isAscii, isUtf8 } from 'node:buffer';
import { TextDecoder } from 'node:util';
import type { DefectLog } from './defect-log.js';

const decoders = new Map<string, TextDecoder | null>();
const MAX_CACHED = 64;

/** Windows-1252 where it differs from Latin-1: 0x80 to 0x9f. */
const C1 =
  '\u20ac\u0081\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u008d\u017d\u008f' +
  '\u0090\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u009d\u017e\u0178';

/**
 * Text of `bytes`. `charset` is what the message declares, null where it is silent; a wrong or unknown one is answered with UTF-8
 * where the bytes are that, Windows-1252 otherwise, and a defect. Never throws.
 */
export function decodeText(bytes: Buffer, charset: string | null, defects: DefectLog): string {
  const label = charset === null ? '' : normalise(charset);
  if (label === 'utf-7') return decodeUtf7(bytes.toString('latin1'));
  if (!STATEFUL.test(label) && isAscii(bytes)) return bytes.toString('latin1');
  if (label === 'utf-8' || label === 'utf8' || label === 'unicode-1-1-utf-8') {
    // Mail that says UTF-8 and is not, is mostly the sender's local charset; a browser would show replacement characters.
    if (!isUtf8(bytes)) defects.add('encoding-damaged', 'bytes that are no UTF-8');
    return withoutBom(bytes.toString('utf8'));
  }
  if (label === '' || ASCII.has(label))
    return isUtf8(bytes) ? withoutBom(bytes.toString('utf8')) : decodeWindows1252(bytes);
  if (WINDOWS_1252.has(label)) return decodeWindows1252(bytes);
  const decoder = decoderFor(label);
  if (decoder === null) {
    defects.add('charset-unknown', label);
    return isUtf8(bytes) ? withoutBom(bytes.toString('utf8')) : decodeWindows1252(bytes);
  }
  return decoder.decode(bytes);
}

/** Charsets in which ASCII bytes do not stand for themselves. */
const STATEFUL = /^(?:utf-?16|utf-?32|ucs|unicode$|iso-2022|hz|csiso2022|ibm037)/;
const ASCII = new Set([
  'us-ascii',
  'ascii',
  'ansi_x3.4-1968',
  '7bit',
  '8bit',
  'unknown-8bit',
  'x-unknown',
  'default',
  'binary',
]);
const WINDOWS_1252 = new Set([
  'windows-1252',
  'cp1252',
  'iso-8859-1',
  'iso8859-1',
  'latin1',
  'iso_8859-1',
  'l1',
  'x-cp1252',
  'ansi',
]);

/** Names that mailers write and the WHATWG list does not know. */
const ALIASES: Readonly<Record<string, string>> = {
  'unicode-1-1-utf-7': 'utf-7',
  'x-unicode-1-1-utf-7': 'utf-7',
  utf7: 'utf-7',
  cp936: 'gbk',
  ms936: 'gbk',
  'gb2312-80': 'gbk',
  cp949: 'euc-kr',
  ks_c_5601: 'euc-kr',
  cp932: 'shift_jis',
  'iso-2022-jp-ms': 'iso-2022-jp',
  'iso-2022-jp-1': 'iso-2022-jp',
  'iso-2022-jp-2': 'iso-2022-jp',
  cp950: 'big5',
  'iso-8859-8-i': 'iso-8859-8',
  win1251: 'windows-1251',
  win1250: 'windows-1250',
};

function normalise(charset: string): string {
  const label = charset
    .trim()
    .toLowerCase()
    .replace(/^["']|["']$/g, '')
    .slice(0, 60);
  return ALIASES[label] ?? label;
}

function decoderFor(label: string): TextDecoder | null {
  const known = decoders.get(label);
  if (known !== undefined) return known;
  let decoder: TextDecoder | null;
  try {
    decoder = new TextDecoder(label);
  } catch {
    decoder = null;
  }
  if (decoders.size >= MAX_CACHED) decoders.clear();
  decoders.set(label, decoder);
  return decoder;
}

/** By hand, because TextDecoder's is slow for short texts and, in some releases of Node, wrong for 0x80 to 0x9f. */
function decodeWindows1252(bytes: Buffer): string {
  const text = bytes.toString('latin1');

  return text.replace(/[\u0080-\u009f]/g, (char) => C1[char.charCodeAt(0) - 0x80] ?? char);
}

function withoutBom(text: string): string {
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}

/** RFC 2152. Old Outlook still reads it, so words can hide in it. */
function decodeUtf7(text: string): string {
  return text.replace(/\+([A-Za-z0-9+/]*)-?/g, (_, encoded: string) => {
    if (encoded === '') return '+';
    const bytes = Buffer.from(encoded, 'base64');
    return Buffer.from(bytes.subarray(0, bytes.length & ~1))
      .swap16()
      .toString('utf16le');
  });
}
