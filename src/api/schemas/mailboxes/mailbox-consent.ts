import { z } from 'zod';

const Provider = z.enum(['gmail', 'microsoft-graph', 'imap']);

export const MailboxProviders = z
  .object({
    providers: z
      .array(
        z.object({
          id: Provider,
          name: z.string(),
          connectable: z.boolean().describe('Whether whoever runs postern has registered it there.'),
        }),
      )
      .describe('Beside these, any mailbox can be connected over IMAP.'),
    redirect_uri: z.string().describe('What has to be registered at the providers as the redirect URI.'),
  })
  .meta({ id: 'MailboxProviders' });

export const ConsentRequest = z
  .strictObject({
    provider: Provider,
    access: z
      .enum(['read', 'change'])
      .optional()
      .describe('`change` allows to hold and label messages too. Absent: as before, or `read`.'),
    mailbox_id: z
      .string()
      .regex(/^[\w-]{1,80}$/)
      .optional()
      .describe('To connect a mailbox again, or to allow more.'),
    backfill_days: z
      .int()
      .min(0)
      .max(3650)
      .nullable()
      .default(30)
      .describe('Scan what came in so many days before; 0: only what comes from now on; null: everything there is.'),
  })
  .meta({ id: 'ConsentRequest' });

export const ConsentStart = z
  .object({
    url: z.string().describe("The provider's page. Send the browser there."),
    expires_in: z.int().describe('Seconds in which the person has to be back.'),
  })
  .meta({ id: 'ConsentStart' });

export const ConsentAnswer = z
  .strictObject({
    state: z.string().regex(/^[\w-]{20,100}$/, 'must be what the provider sent back'),
    code: z
      .string()
      .min(1)
      .max(4096)
      .nullable()
      .default(null)
      .describe('Null where the provider sent an error instead.'),
  })
  .meta({ id: 'ConsentAnswer' });
