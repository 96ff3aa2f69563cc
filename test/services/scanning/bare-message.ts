import { createHash } from 'node:crypto';
import type { Message } from '../../../src/mail/message.js';

/** A message with a text and nothing else: pool tests are about threads, not about reading mail. */
export function bareMessage(raw: Uint8Array): Message {
  const text = new TextDecoder().decode(raw);
  return {
    sha256: createHash('sha256').update(raw).digest('hex'),
    size: raw.byteLength,
    headers: [],
    identity: { from: [], fromFields: 0, sender: [], replyTo: [], to: [], cc: [], mailFrom: null },
    subject: text.slice(0, 80),
    date: null,
    messageId: null,
    received: [],
    text,
    html: '',
    document: null,
    visible: text,
    links: [],
    attachments: [],
    parts: [],
    nested: [],
    defects: [],
  };
}
