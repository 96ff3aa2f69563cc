import { z } from 'zod';
import { ScanLabel } from '../scans/scan-report.js';

const id = z.string().regex(/^[\w-]{1,80}$/);

export const ReportGroupId = z.object({ id });
export const ReportId = z.object({ id });

export const AbuseSetting = z
  .strictObject({
    answers: z
      .enum(['nobody', 'organisation', 'anyone'])
      .default('organisation')
      .describe(
        'Who hears what was found: nobody, people of the organisation, or everybody whose mail is proven to be theirs. Machines and lists are never answered.',
      ),
  })
  .meta({ id: 'AbuseSetting' });

const paging = {
  limit: z.coerce.number().int().min(1).max(100).default(50),
  cursor: z.string().min(1).max(8192).optional().describe('`next_cursor` of the page before.'),
};
export const ReportsQuery = z.strictObject({
  only: z.enum(['unexamined']).optional().describe('Those that wait for something, and those that came to nothing.'),
  ...paging,
});
export const ReportGroupsQuery = z.strictObject({ state: z.enum(['open', 'resolved']).default('open'), ...paging });

const decision = z.enum(['dangerous', 'spam', 'harmless']);
const kind = z
  .enum(['attached', 'inline', 'direct'])
  .describe(
    '`attached`: as it arrived; `inline`: rebuilt from a forwarded mail, so its header is missing and its sender cannot be proven; `direct`: nothing was forwarded, the mail itself.',
  );

const report = {
  id: z.string(),
  mailbox_id: z.string(),
  received_at: z.iso.datetime(),
  status: z.enum(['waiting', 'done', 'gone', 'failed']),
  reason: z.string().nullable().describe('Why it could not be read, or what it waits for.'),
  reporter: z.union([z.object({ name: z.string(), address: z.string(), member_id: z.string().nullable() }), z.null()]),
  answer: z
    .enum(['sent', 'off', 'automatic', 'list', 'outside', 'unproven', 'too-many', 'older', 'own', 'no-address'])
    .nullable()
    .describe('Whether the reporter was told what was found, or why not.'),
};

export const Report = z
  .object({ ...report, messages: z.array(z.object({ kind, group_id: z.string(), scan_id: z.string() })) })
  .meta({ id: 'Report' });

export const ReportPage = z
  .object({
    items: z.array(Report).describe('Newest first.'),
    next_cursor: z.string().nullable(),
  })
  .meta({ id: 'ReportPage' });

const group = {
  id: z.string(),
  subject: z.string(),
  from: z.object({ name: z.string(), address: z.string() }),
  label: ScanLabel,
  score: z.number(),
  state: z.enum(['open', 'resolved']),
  decision: decision.nullable(),
  words: z.string().describe('What the administrator wrote to those who reported.'),
  resolved_at: z.iso.datetime().nullable(),
  first_at: z.iso.datetime(),
  last_at: z.iso.datetime(),
  reports: z.int(),
  reporters: z.int().describe('Different people.'),
};

export const ReportGroupPage = z
  .object({ items: z.array(z.object(group).meta({ id: 'ReportGroup' })), next_cursor: z.string().nullable() })
  .meta({ id: 'ReportGroupPage' });

const grouped = z.array(
  z.object({
    ...report,
    kind,
    scan: z.union([z.object({ id: z.string(), label: ScanLabel, score: z.number() }), z.null()]),
  }),
);
export const ReportGroupDetail = z
  .object({ ...group, grouped: grouped.describe('Newest first, at most 200.') })
  .meta({ id: 'ReportGroupDetail' });

export const ReportResolution = z
  .strictObject({
    decision,
    words: z.string().trim().max(1000).default('').describe('Said to those who reported; links in it are disarmed.'),
  })
  .meta({ id: 'ReportResolution' });

export const ResolvedReportGroup = z
  .object({ ...group, grouped, told: z.int().describe('People who are being told.') })
  .meta({ id: 'ResolvedReportGroup' });
