import { PosternError } from '../../errors.js';
import { actorOf } from '../context.js';
import type { MemberContext } from '../context.js';
import { authorize } from '../permissions.js';
import { toStoredScan } from './stored-scan.js';
import type { StoredScan } from './stored-scan.js';

/** Throws `scan.not-found` where there is none, it has expired, or it is not the member's to see: which of them is not told. */
export async function getScan(call: {
  readonly ctx: MemberContext;
  readonly input: { readonly id: string };
}): Promise<StoredScan> {
  const { ctx, input } = call;
  authorize(ctx, 'scan.read');
  const row = await ctx.parts.store.withTenant(ctx.identity.tenantId, actorOf(ctx), (db) => db.scans.get(input.id));
  if (row === null) throw scanNotFound();
  return toStoredScan(row);
}

export function scanNotFound(): PosternError {
  return new PosternError('scan.not-found', 'There is no such scan, or it has expired.');
}
