import { createHash } from 'node:crypto';
import { PosternError } from '../../../errors.js';
import { actorOf } from '../../context.js';
import type { MemberContext } from '../../context.js';
import { freshScan } from './fresh-scan.js';
import type { FreshScan } from './fresh-scan.js';
import { toStoredScan } from '../stored-scan.js';

/** A client's promise that requests with the same key are the same request, sent again. */
export interface Idempotency {
  readonly key: string;
  /** The request as it was sent. */
  readonly request: Uint8Array;
}

/**
 * The scan that an earlier request with this key made; null where there is none, or it was deleted since. Throws
 * `request.idempotency-mismatch` where the key was used for another request.
 */
export async function recallScan(ctx: MemberContext, { key, request }: Idempotency): Promise<FreshScan | null> {
  const keyHash = digest(key);
  return await ctx.parts.store.withTenant(ctx.identity.tenantId, actorOf(ctx), async (db) => {
    const before = await db.idempotency.find(keyHash);
    if (before === null) return null;
    if (!digest(request).equals(before.requestHash)) {
      throw new PosternError('request.idempotency-mismatch', 'This Idempotency-Key was used for another request.');
    }
    const scan = await db.scans.get(before.scanId);
    if (scan !== null) return freshScan(toStoredScan(scan));
    await db.idempotency.remove(keyHash);
    return null;
  });
}

/** As the store keeps a request, see `recallScan`. */
export function digestsOf({ key, request }: Idempotency): { readonly keyHash: Buffer; readonly requestHash: Buffer } {
  return { keyHash: digest(key), requestHash: digest(request) };
}

function digest(content: string | Uint8Array): Buffer {
  return createHash('sha256').update(content).digest();
}
