import { PosternError } from '../../../errors.js';
import type { Message } from '../../../mail/message.js';
import type { ScanRow } from '../../../store/store.js';
import { actorOf } from '../../context.js';
import type { MemberContext } from '../../context.js';
import { authorize } from '../../permissions.js';
import { scanNotFound } from '../get-scan.js';
import { openContent } from './sealed-content.js';

/**
 * Opens the sealed message of a scan. It is audited in the transaction that read it, with the reason where it belongs to somebody
 * else. Throws `scan.not-found`, `auth.forbidden` for another person's content without a reason, `scan.content-gone`.
 */
export async function openMessage(call: {
  readonly ctx: MemberContext;
  readonly input: { readonly id: string; readonly reason?: string | undefined; readonly purpose: 'view' | 'rescan' };
}): Promise<{ readonly scan: ScanRow; readonly message: Message }> {
  const { ctx, input } = call;
  // A rescan shows nobody the content.
  authorize(ctx, input.purpose === 'rescan' ? 'scan.rescan' : 'content.open');
  const { store, keys } = ctx.parts;
  const { tenantId } = ctx.identity;
  const { scan, sealed } = await store.withTenant(tenantId, actorOf(ctx, input.reason), async (db) => {
    const row = await db.scans.get(input.id);
    if (row === null) throw scanNotFound();
    mayOpen(ctx, row, input.reason);
    const content = await db.contents.get(input.id);
    if (content === null) throw contentGone();
    await db.audit.append({
      action: 'content.opened',
      target: input.id,
      outcome: 'succeeded',
      details: { purpose: input.purpose, owner: row.ownerId, reason: input.reason ?? null },
    });
    return { scan: row, sealed: content };
  });
  return { scan, message: await openContent(keys, tenantId, input.id, sealed) };
}

/** Throws unless the scan is the member's own, or an administrator states a reason. */
export function mayOpen(ctx: MemberContext, scan: ScanRow, reason: string | undefined): void {
  if (scan.ownerId === ctx.identity.userId) return;
  authorize(ctx, 'content.open-others');
  if (reason !== undefined) return;
  throw new PosternError('auth.forbidden', "Opening another person's message needs a reason, which they get to see.", {
    details: { needs: 'reason' },
  });
}

export function contentGone(): PosternError {
  return new PosternError('scan.content-gone', 'The content of this message is no longer kept.');
}
