import type { Message } from '../../../src/mail/message.js';
import { readMessage } from '../../../src/mail/read-message.js';

/** A message of the given header fields and HTML. */
export async function messageOf(fields: Readonly<Record<string, string>>, html: string): Promise<Message> {
  const header = Object.entries({ Date: 'Mon, 03 Nov 2025 09:12:00 +0000', ...fields }).map(
    ([name, value]) => `${name}: ${value}`,
  );
  return readMessage(Buffer.from([...header, 'Content-Type: text/html; charset=utf-8', '', html].join('\r\n')));
}
