import type { Label } from '../../scanners/verdict.js';
import type { FeedbackKind, FeedbackRow } from '../../store/interfaces/feedback.js';
import { actorOf } from '../context.js';
import type { MemberContext } from '../context.js';
import { authorize } from '../permissions.js';
import { scanNotFound } from '../scans/get-scan.js';

export interface Feedback extends FeedbackRow {
  readonly labelBefore: Label;
  /** Said by whoever asks. */
  readonly own: boolean;
}

/** What has been said about a verdict: by its owner and administrators, or by a later scan. Throws `scan.not-found`. */
export async function listFeedback(call: {
  readonly ctx: MemberContext;
  readonly input: { readonly id: string };
}): Promise<readonly Feedback[]> {
  const { ctx, input } = call;
  authorize(ctx, 'scan.read');
  const { tenantId, userId } = ctx.identity;
  return await ctx.parts.store.withTenant(tenantId, actorOf(ctx), async (db) => {
    if ((await db.scans.get(input.id)) === null) throw scanNotFound();
    const rows = await db.feedback.of(input.id);
    return rows.map((row) => ({
      ...row,
      labelBefore: row.labelBefore as Label,
      own: row.source === 'person' && row.userId === userId,
    }));
  });
}

/** Says that a verdict is wrong; saying it again replaces it. Throws `scan.not-found`. */
export async function giveFeedback(call: {
  readonly ctx: MemberContext;
  readonly input: { readonly id: string; readonly kind: FeedbackKind; readonly comment: string };
}): Promise<void> {
  const { ctx, input } = call;
  authorize(ctx, 'scan.feedback');
  const { tenantId, userId } = ctx.identity;
  const { id, kind, comment } = input;
  await ctx.parts.store.withTenant(tenantId, actorOf(ctx), async (db) => {
    const scan = await db.scans.get(id);
    if (scan === null || !(await db.feedback.put(id, { userId, source: 'person', kind, comment })))
      throw scanNotFound();
    await db.audit.append({
      action: 'scan.feedback-given',
      target: id,
      outcome: 'succeeded',
      details: { kind, label: scan.label, owner: scan.ownerId },
    });
  });
}

/** Takes one's own word back. Throws `scan.not-found`; where nothing had been said, nothing happens. */
export async function withdrawFeedback(call: {
  readonly ctx: MemberContext;
  readonly input: { readonly id: string };
}): Promise<void> {
  const { ctx, input } = call;
  authorize(ctx, 'scan.feedback');
  const { tenantId, userId } = ctx.identity;
  await ctx.parts.store.withTenant(tenantId, actorOf(ctx), async (db) => {
    const scan = await db.scans.get(input.id);
    if (scan === null) throw scanNotFound();
    if (!(await db.feedback.remove(input.id, { userId }))) return;
    await db.audit.append({
      action: 'scan.feedback-withdrawn',
      target: input.id,
      outcome: 'succeeded',
      details: { owner: scan.ownerId },
    });
  });
}
