import { generateKeyPairSync } from 'node:crypto';
import { dkimSign } from 'mailauth';
import type { DKIMSignOptions } from 'mailauth';
import { rawOf } from './message-of.js';

const { privateKey, publicKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'der' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

/** What selector `s1` of bank.example says. */
export const PUBLIC_KEY = `v=DKIM1; k=rsa; p=${publicKey.toString('base64')}`;

export const FIELDS = [
  'From: Bank <info@bank.example>',
  'To: jo@corp.example',
  'Subject: hello',
  'Date: Tue, 12 May 2026 09:14:01 +0000',
];

/** A message from bank.example, signed, as it came in over `received`. `headerList` is a string to mailauth's code, whatever its types say. */
export async function signed(
  received: string,
  options: { maxBodyLength?: number; headerList?: string } = {},
): Promise<Buffer> {
  const raw = Buffer.from(rawOf(...FIELDS));
  const key = { signingDomain: 'bank.example', selector: 's1', privateKey, ...options };
  const signature = await dkimSign(raw, { ...key, signatureData: [key] } as unknown as DKIMSignOptions);
  const top = `Return-Path: <info@bank.example>\r\n${received}\r\n${signature.signatures}`;
  return Buffer.from(top + raw.toString('latin1'), 'latin1');
}
