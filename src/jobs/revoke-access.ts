import { z } from 'zod';
import type { Parts } from '../services/context.js';
import { forgetRevocations, revokeAccess } from '../services/mailboxes/consent/revoke-access.js';
import type { Job } from './job.js';

const Payload = z.object({ tenant_id: z.string(), mailbox_id: z.string() });

/** What a provider had granted to somebody who left. */
export function revokeAccessJob(parts: Pick<Parts, 'store' | 'mailboxes' | 'log' | 'now'>): Job {
  return {
    name: 'revoke-access',
    async run(payload) {
      const { tenant_id: tenantId, mailbox_id: mailboxId } = Payload.parse(payload);
      await revokeAccess(parts, { tenantId, mailboxId });
    },
  };
}

export function forgetRevocationsJob(parts: Pick<Parts, 'store' | 'log'>): Job {
  return { name: 'forget-revocations', every: { minutes: 1440, past: 55 }, run: () => forgetRevocations(parts) };
}
