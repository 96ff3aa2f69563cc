import { randomUUID } from 'node:crypto';
import type { ParsedPart } from '../mime/part-tree.js';

export type AttachedFile = Pick<ParsedPart, 'type' | 'filename' | 'contentId' | 'disposition' | 'content'>;

const MIME = 'MIME-Version: 1.0\r\n';

/** A message of `composeMessage` with files beside its words. */
export function attachFiles(message: Uint8Array, files: readonly AttachedFile[]): Uint8Array {
  if (files.length === 0) return message;
  const composed = Buffer.from(message).toString('latin1');
  const at = composed.indexOf(MIME);
  const boundary = `=_${randomUUID()}`;
  const parts = files.map((file) => `--${boundary}\r\n${headerOf(file)}\r\n\r\n${base64(file.content)}\r\n`);
  const whole = [
    composed.slice(0, at),
    `${MIME}Content-Type: multipart/mixed; boundary="${boundary}"\r\n\r\n`,
    `--${boundary}\r\n${composed.slice(at + MIME.length)}`,
    ...parts,
    `--${boundary}--\r\n`,
  ].join('');
  return Buffer.from(whole, 'latin1');
}

function headerOf({ type, filename, contentId, disposition }: AttachedFile): string {
  // RFC 2231 §4.
  const name =
    filename === null ? '' : `; filename*=utf-8''${encodeURIComponent(filename).replace(/['()*]/g, percent)}`;
  const id = contentId === null || !/^[!-;=?-~]{1,200}$/.test(contentId) ? '' : `\r\nContent-ID: <${contentId}>`;
  const declared = /^[\w.+-]{1,80}\/[\w.+-]{1,80}$/.test(type) ? type : 'application/octet-stream';
  return [
    `Content-Type: ${declared}`,
    `Content-Disposition: ${disposition ?? 'attachment'}${name}${id}`,
    'Content-Transfer-Encoding: base64',
  ].join('\r\n');
}

const percent = (sign: string): string => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`;
const base64 = (bytes: Buffer): string => bytes.toString('base64').replace(/.{76}/g, '$&\r\n');
