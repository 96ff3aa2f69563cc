import { open, seal } from '../../crypto/sealing.js';
import { PosternError } from '../../errors.js';
import type { Message } from '../../mail/message.js';
import type { ScanResult } from '../scanning/pool.js';

/** The derived message, sealed under the tenant's data key. It opens only for the same scan. */
export async function sealContent(
  key: Uint8Array,
  scanId: string,
  result: Pick<ScanResult, 'encodedMessage' | 'message'>,
): Promise<Uint8Array> {
  const encoded = result.encodedMessage ?? new TextEncoder().encode(JSON.stringify(result.message));
  return await seal(key, bound(scanId), encoded);
}

/** Throws `scan.content-gone` where the key has been destroyed or the content is not what was sealed. */
export async function openContent(key: Uint8Array, scanId: string, sealed: Uint8Array): Promise<Message> {
  try {
    return JSON.parse(new TextDecoder().decode(await open(key, bound(scanId), sealed))) as Message;
  } catch (cause) {
    throw new PosternError('scan.content-gone', 'The content of this message can no longer be opened.', { cause });
  }
}

function bound(scanId: string): string {
  return `scan ${scanId}`;
}
