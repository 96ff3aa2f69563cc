import { randomUUID } from 'node:crypto';
import type { Message } from './message.js';

/** Fields that describe the body as it was; it is written anew. */
const OF_THE_BODY = /^(?:mime-version|content-.*)$/i;
const FIELD_NAME = /^[!-9;-~]{1,76}$/;

/**
 * One entry of an mbox file (RFC 4155): header fields, text and HTML as they were read. Attachments are not kept, so they are not
 * in it. Bodies are base64, where no line begins with "From ".
 */
export function toMboxEntry(message: Message, receivedAt: Date): Uint8Array {
  const headers = message.headers
    .filter(({ name }) => FIELD_NAME.test(name) && !OF_THE_BODY.test(name))
    .map(({ name, value }) => `${name}: ${oneLine(value)}`);
  const boundary = `=_${randomUUID()}`;
  const lines = [
    `From postern@localhost ${asctime(receivedAt)}`,
    ...headers,
    `X-Postern-SHA256: ${message.sha256}`,
    'MIME-Version: 1.0',
    `Content-Type: multipart/alternative; boundary="${boundary}"`,
    '',
    ...part(boundary, 'text/plain', message.text),
    ...(message.html === '' ? [] : part(boundary, 'text/html', message.html)),
    `--${boundary}--`,
    '',
    '',
  ];
  return Buffer.from(lines.join('\n'), 'utf8');
}

/** A field stays one field, whatever its value holds. */
function oneLine(value: string): string {
  return value.replaceAll(/[\r\n\0]+\s*/g, ' ');
}

function part(boundary: string, type: string, body: string): string[] {
  const encoded = Buffer.from(body, 'utf8').toString('base64').replace(/.{76}/g, '$&\n');
  return [`--${boundary}`, `Content-Type: ${type}; charset=utf-8`, 'Content-Transfer-Encoding: base64', '', encoded];
}

/** As the separator line wants it, in UTC: "Thu Nov 26 13:19:31 2026". */
function asctime(at: Date): string {
  const [weekday = '', day = '', month = '', year = '', time = ''] = at.toUTCString().replace(',', '').split(' ');
  return `${weekday} ${month} ${day} ${time} ${year}`;
}
