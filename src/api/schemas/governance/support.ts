import { z } from 'zod';
import { ownPassword } from '../accounts/security.js';

const grant = {
  id: z.uuid(),
  reason: z.string(),
  content: z.boolean().describe('Whether messages may be opened besides verdicts, each with a reason.'),
  created_at: z.iso.datetime(),
  expires_at: z.iso.datetime(),
};

export const SupportGrantFields = z
  .strictObject({
    hours: z.int().min(1).max(168).describe('From now on; at most seven days.'),
    reason: z.string().trim().min(8).max(500).describe('What the administrators of the platform are to look at.'),
    content: z
      .boolean()
      .default(false)
      .describe('Whether they may open messages besides verdicts, each with a reason.'),
    password: ownPassword,
  })
  .meta({ id: 'SupportGrantFields' });

export const SupportGrant = z
  .object({
    ...grant,
    granted_by: z.uuid(),
    revoked_at: z.iso.datetime().nullable(),
    holds: z.boolean().describe('Whether it is open now.'),
  })
  .meta({ id: 'SupportGrant' });
export const SupportGrants = z
  .object({ items: z.array(SupportGrant).describe('Newest first.') })
  .meta({ id: 'SupportGrants' });

export const LivingGrants = z
  .object({
    items: z
      .array(z.object({ ...grant, tenant_id: z.uuid(), tenant_name: z.string() }))
      .describe('Those that hold now, the first to end first.'),
  })
  .meta({ id: 'LivingGrants' });

export const GrantId = z.object({ id: z.uuid() });
export const ScanOfGrant = GrantId.extend({ scan: z.string().min(1).max(80) });
export const SupportListQuery = z.strictObject({
  cursor: z.string().min(1).max(1000).optional().describe('`next_cursor` of the page before.'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export const SupportReason = z.strictObject({
  reason: z.string().trim().min(8).max(500).describe('Why the message is opened; its owner gets to read it.'),
});
