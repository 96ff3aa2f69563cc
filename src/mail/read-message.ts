import { PosternError } from '../errors.js';
import { extract } from './extract.js';
import type { ExtractTools } from './extract/examine.js';
import { READ_LIMITS } from './limits.js';
import type { ReadLimits } from './limits.js';
import type { Message } from './message.js';
import { parseMessage } from './parse.js';
import type { ParsedMail } from './parse.js';

export type { ReadLimits } from './limits.js';

/**
 * Raw bytes (RFC 5322, also as mbox writes them) to a Message: parsed and extracted, under limits. What is broken, truncated or too
 * much becomes a defect of the Message. `tools` is what extraction needs from outside (QR codes); without it they are not looked for.
 *
 * @throws PosternError `message.empty`, `message.not-a-message` where nothing looks like a header, `message.too-large`.
 */
export async function readMessage(
  raw: Uint8Array,
  limits: Partial<ReadLimits> = {},
  tools: ExtractTools = { qr: null },
): Promise<Message> {
  const all = { ...READ_LIMITS, ...limits };
  if (raw.length > all.messageBytes) {
    throw new PosternError('message.too-large', `The message is larger than ${all.messageBytes} bytes.`, {
      details: { limit: all.messageBytes, size: raw.length },
    });
  }
  if (isBlank(raw)) throw new PosternError('message.empty', 'There is nothing in this message.');
  const parsed = parseMessage(raw);
  if (!hasHeader(parsed)) {
    throw new PosternError('message.not-a-message', 'This is no e-mail message: it has no header.');
  }
  return extract(parsed, all, tools);
}

/** RFC 5322 allows more in a name than anyone writes; with it, JSON and program code would pass for mail. */
function hasHeader(parsed: ParsedMail): boolean {
  return parsed.parts[0]?.fields.some(({ name }) => /^[a-z][a-z0-9_.-]*$/.test(name)) === true;
}

/** Only white space and NULs, as left behind by failed downloads. */
function isBlank(raw: Uint8Array): boolean {
  return raw.every((byte) => byte <= 32);
}
