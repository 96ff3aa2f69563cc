import type { MessageRef } from '../../connectors/connector.js';
import type { MailboxRow } from '../../store/interfaces/mailbox-rows.js';
import type { TenantDb } from '../../store/store.js';

/**
 * In the transaction that moves the cursor of an abuse mailbox: what came is noted, and will be taken apart by a job. Reports that still
 * wait from before, because the mailbox could not be read, are queued again.
 */
export async function receiveReports(
  db: TenantDb,
  mailbox: Pick<MailboxRow, 'id'>,
  refs: readonly MessageRef[],
): Promise<void> {
  await db.reports.note(
    mailbox.id,
    refs.map(({ id, receivedAt = null }) => ({ messageId: id, receivedAt })),
  );
  for (const id of await db.reports.waiting(mailbox.id)) {
    await db.enqueueLater('take-report', { report_id: id }, { key: id, rank: 5 });
  }
}
