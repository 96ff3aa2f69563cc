import { randomUUID } from 'node:crypto';
import { PosternError } from '../errors.js';
import { toAsciiHost } from './domains.js';

/** A message as its fields, where nobody has the raw bytes. */
export interface ComposeInput {
  readonly fromAddress: string;
  readonly fromDisplayName?: string | undefined;
  readonly subject?: string | undefined;
  readonly bodyText?: string | undefined;
  readonly bodyHtml?: string | undefined;
  /** Further header fields in order, e.g. Reply-To or Authentication-Results. From, Subject and the MIME fields are ours. */
  readonly headers?:
    readonly { readonly name: string; readonly value: string }[] | Readonly<Record<string, string>> | undefined;
}

/** Fields that the composed message writes itself. */
const OURS = /^(?:from|subject|mime-version|content-.*)$/i;
const FIELD_NAME = /^[!-9;-~]{1,76}$/;

/**
 * RFC 5322 bytes of a message given as fields, so that it goes the same way as any other. No Date or Message-ID is invented.
 *
 * @throws PosternError `request.invalid` where a value would begin another header field (line breaks) or a name is none.
 */
export function composeMessage(input: ComposeInput): Uint8Array {
  const lines = [...headerLines(input), 'MIME-Version: 1.0'];
  const text = input.bodyText ?? '';
  const html = input.bodyHtml ?? '';
  if (html === '') return join([...lines, ...part('text/plain', text)]);
  if (text === '') return join([...lines, ...part('text/html', html)]);
  const boundary = `=_${randomUUID()}`;
  return join([
    ...lines,
    `Content-Type: multipart/alternative; boundary="${boundary}"`,
    '',
    `--${boundary}`,
    ...part('text/plain', text),
    `--${boundary}`,
    ...part('text/html', html),
    `--${boundary}--`,
  ]);
}

function headerLines(input: ComposeInput): string[] {
  const lines: string[] = [];
  for (const [name, value] of pairs(input.headers)) {
    if (!FIELD_NAME.test(name)) refuse('headers', `"${name.slice(0, 40)}" is no name of a header field.`);
    if (OURS.test(name)) refuse('headers', `${name} is given by another field of the request.`);
    lines.push(field(name, value, `headers.${name}`));
  }
  const address = oneLine(input.fromAddress.trim(), 'from_address');
  // Angle brackets in an address would add another address; quotes a name.
  if (/[<>,;"()\s]/.test(address)) refuse('from_address', 'The sender has to be one address.');
  const at = address.lastIndexOf('@');
  const ascii = at === -1 ? address : `${address.slice(0, at)}@${toAsciiHost(address.slice(at + 1))}`;
  const name = oneLine(input.fromDisplayName ?? '', 'from_display_name').trim();
  lines.push(`From: ${name === '' ? '' : `${displayName(name)} `}<${ascii}>`);
  if (input.subject !== undefined && input.subject !== '') lines.push(field('Subject', input.subject, 'subject'));
  return lines;
}

function pairs(headers: ComposeInput['headers']): (readonly [string, string])[] {
  if (headers === undefined) return [];
  return isList(headers) ? headers.map(({ name, value }) => [name, value] as const) : Object.entries(headers);
}

function isList(headers: NonNullable<ComposeInput['headers']>): headers is readonly { name: string; value: string }[] {
  return Array.isArray(headers);
}

function field(name: string, value: string, at: string): string {
  const line = oneLine(value, at);
  return `${name}: ${isPlain(line) ? line : encodedWords(line)}`;
}

/** Plain names are quoted, so that a comma or an address in them stays part of the name. */
function displayName(name: string): string {
  return isPlain(name) ? `"${name.replace(/["\\]/g, '\\$&')}"` : encodedWords(name);
}

function isPlain(text: string): boolean {
  return /^[\t -~]*$/.test(text) && !text.includes('=?');
}

/** RFC 2047, in words of at most 75 characters that do not split a character. */
function encodedWords(text: string): string {
  const words: string[] = [];
  let chunk = '';
  const push = (): void => {
    if (chunk !== '') words.push(`=?utf-8?B?${Buffer.from(chunk, 'utf8').toString('base64')}?=`);
    chunk = '';
  };
  for (const char of text) {
    if (Buffer.byteLength(chunk + char, 'utf8') > 45) push();
    chunk += char;
  }
  push();
  return words.join('\r\n ');
}

function oneLine(value: string, at: string): string {
  if (/[\u0000-\u0008\u000a-\u001f\u007f]/.test(value))
    refuse(at, `${at} must not hold line breaks or control characters.`);
  return value;
}

function part(type: string, body: string): string[] {
  const encoded = Buffer.from(body, 'utf8').toString('base64').replace(/.{76}/g, '$&\r\n');
  return [`Content-Type: ${type}; charset=utf-8`, 'Content-Transfer-Encoding: base64', '', encoded];
}

function join(lines: readonly string[]): Uint8Array {
  return Buffer.from(`${lines.join('\r\n')}\r\n`, 'utf8');
}

function refuse(at: string, message: string): never {
  throw new PosternError('request.invalid', message, { details: { field: at } });
}
