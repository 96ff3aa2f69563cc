import { createHash } from 'node:crypto';
import { PosternError } from '../../errors.js';
import type { TenantDb } from '../../store/store.js';
import { actorOf } from '../context.js';
import type { MemberContext } from '../context.js';
import { toStoredScan } from './stored-scan.js';
import type { StoredScan } from './stored-scan.js';

/** A client's promise that requests with the same key are the same request, sent again. */
export interface Idempotency {
  readonly key: string;
  /** The request as it was sent. */
  readonly request: Uint8Array;
}

/** Thrown inside the transaction that came second, so that it leaves nothing behind. */
export class Repeated extends Error {}

/**
 * The scan that an earlier request with this key made; null where there is none, or it was deleted since. Throws
 * `request.idempotency-mismatch` where the key was used for another request.
 */
export async function recallScan(ctx: MemberContext, { key, request }: Idempotency): Promise<StoredScan | null> {
  const keyHash = digest(key);
  return await ctx.parts.store.withTenant(ctx.identity.tenantId, actorOf(ctx), async (db) => {
    const before = await db.idempotency.find(keyHash);
    if (before === null) return null;
    if (!digest(request).equals(before.requestHash)) {
      throw new PosternError('request.idempotency-mismatch', 'This Idempotency-Key was used for another request.');
    }
    const scan = await db.scans.get(before.scanId);
    if (scan !== null) return toStoredScan(scan);
    await db.idempotency.remove(keyHash);
    return null;
  });
}

/** Remembers the scan in the transaction that stores it; throws Repeated where the same request was quicker. */
export async function rememberScan(
  db: TenantDb,
  ctx: MemberContext,
  { key, request }: Idempotency,
  scanId: string,
): Promise<void> {
  const entry = { ownerId: ctx.identity.userId, keyHash: digest(key), requestHash: digest(request), scanId };
  if (!(await db.idempotency.add(entry))) throw new Repeated();
}

function digest(content: string | Uint8Array): Buffer {
  return createHash('sha256').update(content).digest();
}
