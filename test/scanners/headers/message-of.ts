import type { Message } from '../../../src/mail/message.js';
import { readMessage } from '../../../src/mail/read-message.js';

/** A message from its header lines; the body is one line. Latin-1, so that any byte can be written. */
export async function messageOf(...lines: readonly string[]): Promise<Message> {
  return readMessage(rawOf(...lines));
}

export function rawOf(...lines: readonly string[]): Uint8Array {
  return Buffer.from([...lines, '', 'Hello', ''].join('\r\n'), 'latin1');
}

/** What the receiving server puts on top of a message from bank.example that passes every check. */
export const RECEIVED =
  'Received: from mail.bank.example ([192.0.2.10])\r\n\tby mx.corp.example with ESMTP; Tue, 12 May 2026 09:14:03 +0000';

export function results(id: string, text: string): string {
  return `Authentication-Results: ${id};\r\n\t${text}`;
}

export const PASSING = results(
  'mx.corp.example',
  'spf=pass smtp.mailfrom=bank.example;\r\n\tdkim=pass header.d=bank.example;\r\n\tdmarc=pass header.from=bank.example',
);
