import { z } from 'zod';
import type { Parts } from '../services/context.js';
import { handOverScans } from '../services/mailboxes/sync/hand-over-scans.js';
import { resumeWaiting } from '../services/mailboxes/sync/resume-waiting.js';
import { queueDueMailboxes } from '../services/mailboxes/sync/queue-due-mailboxes.js';
import { syncMailbox } from '../services/mailboxes/sync/sync-mailbox.js';
import type { Job } from './job.js';

const Payload = z.object({ tenant_id: z.string(), mailbox_id: z.string() });

/** One page of one mailbox; it queues the next. */
export function syncMailboxJob(parts: Parts): Job {
  return {
    name: 'sync-mailbox',
    async run(payload) {
      const { tenant_id: tenantId, mailbox_id: mailboxId } = Payload.parse(payload);
      await syncMailbox(parts, { tenantId, mailboxId });
    },
  };
}

/** Every minute, and at once when a worker starts. */
export function queueDueMailboxesJob(parts: Pick<Parts, 'store'>): Job {
  return { name: 'queue-due-mailboxes', every: { minutes: 1 }, atStart: true, run: () => queueDueMailboxes(parts) };
}

/** A mailbox of the organisation came to the person whose it is. */
export function handOverScansJob(parts: Pick<Parts, 'store'>): Job {
  return {
    name: 'hand-over-scans',
    async run(payload) {
      const { tenant_id: tenantId, mailbox_id: mailboxId } = Payload.parse(payload);
      await handOverScans(parts, { tenantId, mailboxId });
    },
  };
}

/** After a coupon or a change of the plan. */
export function resumeMailboxesJob(parts: Pick<Parts, 'store'>): Job {
  return { name: 'resume-mailboxes', run: (payload) => resumeWaiting(parts, payload) };
}
