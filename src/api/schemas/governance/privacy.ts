import { z } from 'zod';

const ConsentKind = z.enum(['mailbox', 'llm', 'gateway']).meta({ id: 'ConsentKind' });

export const Privacy = z
  .object({
    consents: z
      .array(z.object({ kind: ConsentKind, granted: z.boolean(), at: z.iso.datetime() }))
      .describe('Every change there was, newest first. The newest of a kind holds.'),
    account_deletion: z.iso.datetime().nullable().describe('When the account is erased; null: nobody has asked.'),
    organisation_deletion: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Privacy' });

export const ConsentFields = z.strictObject({ kind: ConsentKind, granted: z.boolean() }).meta({ id: 'ConsentFields' });

export const Due = z.object({ due: z.iso.datetime() }).meta({ id: 'Due' });

export const ExportId = z.object({ id: z.uuid() });
export const ExportFile = z.strictObject({ file: z.enum(['json', 'mbox']).default('json') });
export const ExportStarted = z.object({ id: z.uuid() }).meta({ id: 'ExportStarted' });
export const Exports = z
  .object({
    items: z.array(
      z.object({
        id: z.uuid(),
        status: z.enum(['waiting', 'running', 'ready', 'failed']),
        messages_done: z.int(),
        created_at: z.iso.datetime(),
        expires_at: z.iso.datetime(),
      }),
    ),
  })
  .meta({ id: 'Exports' });
export const ExportContent = z.string();
