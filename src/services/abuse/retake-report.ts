import { PosternError } from '../../errors.js';
import { actorOf } from '../context.js';
import type { MemberContext } from '../context.js';
import { authorize } from '../permissions.js';
import { toReportView } from './report-view.js';
import type { ListedReport } from './list-reports.js';

/**
 * Has a report taken apart that could not be: when the plan has more, or its mailbox is connected again. One that waits is tried now.
 * Throws `report.not-found`, `report.taken` where that was done already, `mailbox.not-connected`.
 */
export async function retakeReport(call: {
  readonly ctx: MemberContext;
  readonly input: { readonly id: string };
}): Promise<ListedReport> {
  const { ctx, input } = call;
  authorize(ctx, 'report.resolve');
  return await ctx.parts.store.withTenant(ctx.identity.tenantId, actorOf(ctx), async (db) => {
    const before = await db.reports.get(input.id);
    if (before === null) throw new PosternError('report.not-found', 'There is no such report.');
    const mailbox = await db.mailboxes.get(before.mailboxId);
    if (mailbox === null || mailbox.status === 'disconnected')
      throw new PosternError(
        'mailbox.not-connected',
        'The mailbox it came to is not connected. Connect it again first.',
      );
    const row = before.status === 'waiting' ? before : await db.reports.reopen(before.id);
    if (row === null) throw new PosternError('report.taken', 'This report has been taken apart already.');
    await db.enqueue('take-report', { report_id: row.id }, { key: row.id });
    await db.audit.append({
      ...{ action: 'report.taken-again', target: row.id, outcome: 'succeeded' },
      details: { mailbox: row.mailboxId },
    });
    return { ...toReportView(row), messages: [] };
  });
}
