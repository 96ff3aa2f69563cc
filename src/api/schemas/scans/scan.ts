import { z } from 'zod';
import { Mailbox, ScanLabel, ScanSource } from './scan-report.js';

export const ScanId = z.object({ id: z.string().min(1).max(80) });

export const ScanFields = z
  .strictObject({
    from_address: z.string().trim().min(1).max(320),
    from_display_name: z.string().max(998).default(''),
    subject: z.string().max(10_000).default(''),
    body_text: z.string().default(''),
    body_html: z.string().default(''),
    headers: z
      .record(z.string().min(1).max(200), z.union([z.string(), z.array(z.string()).max(100)]))
      .default({})
      .describe('Further header fields; a list of values repeats the field.'),
  })
  .meta({ id: 'ScanFields', description: 'A message given field by field.' });

export const PendingScan = z
  .object({
    id: z.string(),
    status: z.enum(['queued', 'scanning']),
    events: z.string().describe('Where the progress can be followed as server-sent events.'),
  })
  .meta({ id: 'PendingScan' });

export const ScanSummary = z
  .object({
    id: z.string(),
    created_at: z.iso.datetime(),
    expires_at: z.iso.datetime(),
    rescanned_at: z.iso.datetime().nullable(),
    source: ScanSource,
    label: ScanLabel,
    score: z.number(),
    subject: z.string(),
    // A union: `.nullable()` would make the named schema itself nullable, everywhere.
    from: z.union([Mailbox, z.null()]),
    date: z.string().nullable().describe('The date the message itself claims, ISO 8601 in UTC.'),
    size: z.int(),
    sha256: z.string(),
  })
  .meta({ id: 'ScanSummary' });

export const ScanPage = z
  .object({
    items: z.array(ScanSummary).describe('Newest first.'),
    next_cursor: z.string().nullable().describe('For the next page; null on the last.'),
  })
  .meta({ id: 'ScanPage' });

const repeated = <T extends z.ZodType>(item: T) =>
  z.preprocess((value) => (value === undefined || Array.isArray(value) ? value : [value]), z.array(item).max(10));

/** A day or a moment; a day begins at midnight UTC. */
const moment = z.union([z.iso.datetime({ offset: true }), z.iso.date()]);

export const HistoryQuery = z.strictObject({
  cursor: z.string().min(1).max(1000).optional().describe('`next_cursor` of the page before, with the same filters.'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  label: repeated(ScanLabel).optional().describe('May be repeated.'),
  since: moment.optional().describe('Scanned at this moment or later; a date or a date with time.'),
  until: moment.optional().describe('Scanned before this moment.'),
  sender: z.string().min(1).max(320).optional().describe("Part of the sender's name or address."),
  subject: z.string().min(1).max(500).optional().describe('Part of the subject.'),
  url: z.string().min(4).max(2000).optional().describe('A link that a finding names, exactly.'),
  domain: z.string().min(1).max(253).optional().describe('A domain or IP address: of a link, or of the sender.'),
  sha256: z
    .string()
    .regex(/^\s*[0-9a-fA-F]{64}\s*$/, 'is no SHA-256: 64 digits and letters from a to f')
    .optional()
    .describe('Of the message or of an attached file.'),
  mailbox: z.uuid().optional().describe('Only messages of this connected mailbox.'),
});

export const RenderingTicket = z
  .object({
    url: z.string().describe('Shows the sanitised message once, within a minute. For a sandboxed frame.'),
    expires_at: z.iso.datetime(),
  })
  .meta({ id: 'RenderingTicket' });

/** `?llm=true` and nothing cleverer. */
const withModel = z
  .enum(['true', 'false'])
  .transform((value) => value === 'true')
  .optional()
  .describe('Whether a language model is to read it too; absent: as the settings say.');

export const ScanQuery = z.strictObject({ llm: withModel });

/** Administrators open what is not theirs only with a reason, which its owner gets to see. */
export const AccessReason = z.strictObject({
  reason: z.string().trim().min(8).max(500).optional().describe("Why an administrator opens another person's message."),
});

export const RescanQuery = AccessReason.extend({ llm: withModel });

export const Overview = z
  .object({
    since: z.iso.date(),
    days: z
      .array(z.object({ day: z.iso.date(), counts: z.partialRecord(ScanLabel, z.int()), total: z.int() }))
      .describe('Each day of the period, oldest first, also those without scans.'),
    counts: z.partialRecord(ScanLabel, z.int()).describe('Over the whole period; labels without scans are left out.'),
    total: z.int(),
  })
  .meta({ id: 'Overview' });

export const OverviewQuery = z.strictObject({ days: z.coerce.number().int().min(1).max(365).default(14) });
