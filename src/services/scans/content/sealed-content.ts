import type { KeyStore } from '../../../crypto/key-store.js';
import { pack } from '../../../crypto/packing.js';
import { open, seal } from '../../../crypto/sealing.js';
import { PosternError } from '../../../errors.js';
import type { Message } from '../../../mail/message.js';
import type { TenantId } from '../../../store/store.js';
import type { ScanResult } from '../../scanning/pool.js';

/** The derived message, sealed under the tenant's data key. It opens only for the same scan. */
export function sealContent(
  key: Uint8Array,
  scanId: string,
  result: Pick<ScanResult, 'packedMessage' | 'message'>,
): Uint8Array {
  const packed = result.packedMessage ?? pack(new TextEncoder().encode(JSON.stringify(result.message)));
  return seal(key, bound(scanId), packed);
}

/** Throws `scan.content-gone` where the tenant's key has been destroyed or the content is not what was sealed. */
export async function openContent(
  keys: KeyStore,
  tenantId: TenantId,
  scanId: string,
  sealed: Uint8Array,
): Promise<Message> {
  const key = await keys.dataKey(tenantId).catch((error: unknown) => {
    throw error instanceof PosternError && error.code === 'keys.missing' ? gone(error) : error;
  });
  try {
    return JSON.parse(new TextDecoder().decode(open(key, bound(scanId), sealed))) as Message;
  } catch (error) {
    throw gone(error);
  }
}

function gone(cause: unknown): PosternError {
  return new PosternError('scan.content-gone', 'The content of this message can no longer be opened.', { cause });
}

function bound(scanId: string): string {
  return `scan ${scanId}`;
}
