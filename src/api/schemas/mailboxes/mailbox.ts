import { z } from 'zod';
import { ScanLabel, Mailbox as Address } from '../scans/scan-report.js';
import { ScanSummary } from '../scans/scan.js';

const mailboxId = z.string().regex(/^[\w-]{1,80}$/);

export const MailboxId = z.object({ id: mailboxId });

const server = {
  host: z
    .string()
    .trim()
    .min(1)
    .max(255)
    .regex(/^[\w.:[\]-]+$/, 'must be the name or address of a server'),
  port: z.int().min(1).max(65_535),
  security: z
    .enum(['tls', 'starttls', 'plain'])
    .describe(
      '`tls` from the first byte (usually port 993), `starttls` (143); `plain` only where the operator allows it.',
    ),
  user: z.string().min(1).max(320).describe('The name to sign in with at the mail server; often the address itself.'),
  password: z.string().min(1).max(1000).describe('Sealed before it is stored, and never shown again.'),
};

export const ImapConnection = z
  .strictObject({
    address: z
      .string()
      .trim()
      .min(3)
      .max(254)
      .regex(/^[^\s@]+@[^\s@]+$/, 'must be an e-mail address'),
    ...server,
    security: server.security.default('tls'),
    backfill_days: z
      .int()
      .min(0)
      .max(36_500)
      .nullable()
      .default(30)
      .describe('Scan what came in so many days before; 0: only what comes from now on; null: everything.'),
  })
  .meta({ id: 'ImapConnection' });

export const ImapReconnection = z
  .strictObject({
    host: server.host.optional(),
    port: server.port.optional(),
    security: server.security.optional(),
    user: server.user.optional(),
    password: server.password,
  })
  .meta({ id: 'ImapReconnection', description: 'The new password, and what else has changed.' });

const state = z.enum(['well', 'reading', 'waiting', 'paused', 'unreachable', 'attention', 'disconnected']);

const fields = {
  id: z.string(),
  provider: z.enum(['gmail', 'microsoft-graph', 'imap']),
  address: z.string(),
  owner_id: z.string().nullable().describe('Null: the organisation’s, of somebody who has no account here.'),
  directory_id: z.string().nullable().describe('Set where the organisation connected it as one of many.'),
  own: z.boolean().describe('Whether it is your own: only then may you read in it.'),
  state,
  says: z.string().describe('How it is, in a sentence.'),
  paused: z.boolean(),
  waiting_until: z.string().nullable().describe('In the state `waiting`: when the plan has scans again.'),
  reports: z
    .union([z.object({ since: z.iso.datetime(), answers: z.enum(['nobody', 'organisation', 'anyone']) }), z.null()])
    .describe('Set where the mailbox takes reports of suspicious mail, with who is answered.'),
  still_held: z.array(z.string()).describe('After disconnecting: what the provider still holds, in sentences.'),
  sign_in: z.enum(['password', 'consent']).describe('How its owner connects it again.'),
  server: z.union([z.object({ host: z.string(), port: z.int(), user: z.string() }), z.null()]),
  backfill: z
    .object({
      state: z.enum(['running', 'done']),
      seen: z.int(),
      total: z.int().nullable().describe('Null where the provider does not tell.'),
      messages_per_second: z.number().nullable(),
      seconds_left: z.int().nullable(),
    })
    .describe('Reading what was there before.'),
  scanned: z.int(),
  set_aside: z.int().describe('Messages that could not be scanned.'),
  created_at: z.iso.datetime(),
  synced_at: z.iso.datetime().nullable().describe('When it was last looked at.'),
  last_message_at: z.iso.datetime().nullable().describe('When the newest message arrived.'),
};

export const ConnectedMailbox = z.object(fields).meta({ id: 'ConnectedMailbox' });

export const MailboxesQuery = z.strictObject({
  text: z.string().trim().min(1).max(254).optional().describe('Part of the address.'),
  state: state.optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
  cursor: z.string().min(1).max(8192).optional().describe('`next_cursor` of the page before, with the same filters.'),
});

export const MailboxPage = z
  .object({ items: z.array(ConnectedMailbox).describe('By address.'), next_cursor: z.string().nullable() })
  .meta({ id: 'MailboxPage' });

export const MailboxDetail = z
  .object({
    ...fields,
    set_aside_messages: z
      .array(
        z.object({
          message_id: z.string(),
          folder: z.string(),
          received_at: z.iso.datetime().nullable(),
          reason: z.string(),
        }),
      )
      .describe('Newest first, at most 100.'),
  })
  .meta({ id: 'MailboxDetail' });

export const DisconnectedMailbox = z
  .object({
    mailbox: ConnectedMailbox,
    revoked: z.boolean().describe('The provider no longer honours what postern held.'),
    still_held: z.array(z.string()).describe('What the provider still holds, in sentences.'),
  })
  .meta({ id: 'DisconnectedMailbox' });

export const BrowseQuery = z.strictObject({
  text: z.string().trim().min(1).max(500).optional().describe('Words to look for, as the provider matches them.'),
  folder: z.string().min(1).max(500).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(25),
  cursor: z.string().min(1).max(8192).optional().describe('`next_cursor` of the page before, with the same filters.'),
});

export const BrowsePage = z
  .object({
    items: z
      .array(
        z.object({
          message_id: z.string().describe('For `POST /scan/mailbox`.'),
          folder: z.string(),
          received_at: z.iso.datetime().nullable(),
          subject: z.string(),
          from: Address,
          size: z.int().nullable(),
          scan: z.union([z.object({ id: z.string(), label: ScanLabel, score: z.number() }), z.null()]),
        }),
      )
      .describe('Newest first.'),
    next_cursor: z.string().nullable(),
  })
  .meta({ id: 'BrowsePage' });

const messageId = z.string().min(1).max(500);

export const MailboxScan = z.strictObject({ mailbox_id: mailboxId, message_id: messageId }).meta({ id: 'MailboxScan' });

export const MailboxScanBatch = z
  .strictObject({ mailbox_id: mailboxId, message_ids: z.array(messageId).min(1).max(100) })
  .meta({ id: 'MailboxScanBatch' });

export const MailboxScanResults = z
  .object({
    items: z
      .array(
        z.object({
          message_id: z.string(),
          scan: z.union([ScanSummary, z.null()]),
          problem: z.union([z.object({ code: z.string(), detail: z.string() }), z.null()]),
        }),
      )
      .describe('In the order asked for.'),
  })
  .meta({ id: 'MailboxScanResults' });
