import { z } from 'zod';
import type { Parts } from '../../context.js';
import { SYNC_ACTOR } from './actor.js';

/** As the queue's function stamps it. */
const Payload = z.object({ tenant_id: z.uuid() });

/** The plan has scans again: mailboxes and reports that waited for them are read now, not when they are looked at next. */
export async function resumeWaiting({ store }: Pick<Parts, 'store'>, payload: unknown): Promise<void> {
  const { tenant_id: tenant } = Payload.parse(payload);
  await store.withTenant(tenant, SYNC_ACTOR, async (db) => {
    const waiting = (await db.mailboxes.list()).filter(({ quotaUntil }) => quotaUntil !== null);
    for (const { id } of waiting) await db.enqueueLater('sync-mailbox', { mailbox_id: id }, { key: id, rank: 5 });
    for (const id of await db.reports.waiting(null))
      await db.enqueueLater('take-report', { report_id: id }, { key: id, rank: 5 });
  });
}
