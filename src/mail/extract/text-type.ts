const HEAD = 4096;

/** Text formats by how they begin, tried in order against the first characters, leading white space and comments removed. */
const BEGINNINGS: readonly (readonly [RegExp, string])[] = [
  [/^BEGIN:VCALENDAR/i, 'text/calendar'],
  [/^BEGIN:VCARD/i, 'text/vcard'],
  [/^\[InternetShortcut\]/im, 'application/x-mswinurl'],
  [/^\[(?:Desktop Entry|Shell)\]/i, 'application/x-desktop'],
  [/^Windows Registry Editor|^REGEDIT4/i, 'application/x-windows-registry'],
  [/<hta:application\b/i, 'application/hta'],
  [/^(?:<\?xml[^>]*>\s*)?(?:<!--[^]*?-->\s*)*(?:<!DOCTYPE svg[^>]*>\s*)?<svg[\s>]/i, 'image/svg+xml'],
  [
    /^(?:<\?xml[^>]*>\s*)?(?:<!--[^]*?-->\s*)*<!DOCTYPE html|^<html[\s>]|^<(?:head|body|script|meta|title|style|iframe|form|table|div)[\s>]/i,
    'text/html',
  ],
  [/^<\?xml[^>]*>[^]{0,400}?<html[\s>]/i, 'application/xhtml+xml'],
  [/^<(?:\?xml[^>]*>\s*<)?(?:package|job)[\s>][^]*<script/i, 'application/x-wsf'],
  [/^<\?xml[^>]*>\s*<libraryDescription/i, 'application/x-ms-library'],
  [/^<\?xml/i, 'application/xml'],
  [/^#!/, 'text/x-shellscript'],
  [/^-----BEGIN PGP SIGNATURE/, 'application/pgp-signature'],
  [/^-----BEGIN PGP/, 'application/pgp-encrypted'],
  [/^MIME-Version: 1\.0\r?\n[^]*?(?:boundary=|mhtml|multipart\/related)[^]*?\r?\n(?!From:)/i, 'multipart/related'],
];

/** An RFC 5322 header block: at least three fields, one of which says who or when. */
const MESSAGE = /^(?:From [^\n]+\n)?(?:[!-9;-~]+:[^\n]*\n(?:[ \t][^\n]*\n)*){3}/;
const MESSAGE_FIELD = /^(?:from|received|date|message-id|return-path|delivered-to|subject):/im;

/** The type of bytes without a signature, by reading them as text; null when they are no text. */
export function detectText(bytes: Buffer): string | null {
  const head = textHead(bytes);
  if (head === null) return null;
  const start = head.replace(/^[\s\u{feff}]+/u, '');
  if (isMessage(start)) return 'message/rfc822';
  for (const [pattern, type] of BEGINNINGS) if (pattern.test(start)) return type;
  return 'text/plain';
}

function isMessage(start: string): boolean {
  const unix = start.replace(/\r\n/g, '\n');
  return MESSAGE.test(unix) && /^(?:from|received|return-path|delivered-to):/im.test(unix) && MESSAGE_FIELD.test(unix);
}

/** The first characters, or null where control characters say that this is no text. */
function textHead(bytes: Buffer): string | null {
  const head = bytes.subarray(0, HEAD);
  if (head[0] === 0xff && head[1] === 0xfe) return head.toString('utf16le');
  if (head[0] === 0xfe && head[1] === 0xff) {
    return Buffer.from(head.subarray(0, head.length & ~1))
      .swap16()
      .toString('utf16le');
  }
  let controls = 0;
  for (const byte of head) {
    if (byte === 0) return null;
    if (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13 && byte !== 12 && byte !== 27) controls++;
  }
  return controls > head.length / 50 ? null : head.toString('utf8');
}
