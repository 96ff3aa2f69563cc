import type { ReportDecision } from '../../store/interfaces/reports.js';
import { actorOf } from '../context.js';
import type { MemberContext } from '../context.js';
import { decisionLetter } from '../mail/report-letters.js';
import { post } from '../mail/post.js';
import { authorize } from '../permissions.js';
import { verdictLink } from './answer-reporter.js';
import { detailOf, requireGroup } from './get-group.js';
import type { ReportGroupDetail } from './get-group.js';

/**
 * An administrator decides about a group: whoever was answered before hears of it, once for each decision, and so does whoever reports
 * the same later. Another decision corrects the first. Throws `report.not-found`.
 */
export async function resolveReportGroup(call: {
  readonly ctx: MemberContext;
  readonly input: { readonly id: string; readonly decision: ReportDecision; readonly words: string };
}): Promise<ReportGroupDetail & { readonly told: number }> {
  const { ctx, input } = call;
  authorize(ctx, 'report.resolve');
  const { store } = ctx.parts;
  return await store.withTenant(ctx.identity.tenantId, actorOf(ctx), async (db) => {
    await db.reportGroups.lock();
    const group = await requireGroup(db, input.id);
    await db.reportGroups.resolve(group.id, input.decision, input.words);
    const untold = await db.reportGroups.takeUntold(group.id, input.decision);
    const message = { subject: group.subject, from: group.fromAddress === '' ? group.fromName : group.fromAddress };
    for (const { address, ownerId, scanId } of untold) {
      const open = ownerId === null ? null : verdictLink(ctx.parts, scanId);
      await post(ctx.parts, db, address, decisionLetter(message, input.decision, input.words, open));
    }
    await db.audit.append({
      ...{ action: 'report.resolved', target: group.id, outcome: 'succeeded' },
      details: { decision: input.decision, told: untold.length },
    });
    return { ...(await detailOf(db, group.id)), told: untold.length };
  });
}
