import { z } from 'zod';

const moment = z.union([z.iso.datetime({ offset: true }), z.iso.date()]);

const filters = {
  action: z
    .string()
    .regex(/^[a-z]+(?:[.-][a-z]+)*$/, 'must be an action or its first word')
    .max(60)
    .optional()
    .describe('An action, or its first word for all of that kind: `auth`, `scan.created`.'),
  actor: z.uuid().optional().describe('What this person did.'),
  since: moment.optional().describe('At this moment or later; a date or a date with time.'),
  until: moment.optional().describe('Before this moment.'),
};

export const AuditQuery = z.strictObject({
  ...filters,
  cursor: z.string().min(1).max(1000).optional().describe('`next_cursor` of the page before, with the same filters.'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

export const AuditExportQuery = z.strictObject({
  ...filters,
  format: z.enum(['csv', 'ocsf']).default('csv').describe('CSV, or OCSF 1.3 as one JSON object a line.'),
});

const AuditEntry = z
  .object({
    id: z.string(),
    at: z.iso.datetime(),
    actor: z.string().describe('`user:<id>`, `worker:<job>` or `system:<purpose>`.'),
    action: z.string(),
    target: z.string().nullable(),
    outcome: z.enum(['succeeded', 'refused']),
    ip: z.string().nullable().describe('Null unless the operator has addresses recorded.'),
    details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  })
  .meta({ id: 'AuditEntry' });

export const AuditPage = z
  .object({
    items: z.array(AuditEntry).describe('Newest first.'),
    next_cursor: z.string().nullable().describe('For the next page; null on the last.'),
  })
  .meta({ id: 'AuditPage' });

export const AuditProof = z
  .object({
    whole: z.boolean(),
    seals: z.int(),
    events: z.int().describe('Events under the seals that were found as they had been written.'),
    unsealed: z.int().describe('Events since the last seal, which is at most minutes old.'),
    erased: z.int().describe('Events whose person has been erased: by whom they were done cannot be checked.'),
    fault: z.string().nullable().describe('What does not fit.'),
    fault_after: z.string().nullable().describe('The fault lies behind the event of this id.'),
    digest: z
      .string()
      .describe('Of the last seal that holds: noted elsewhere, it proves that the end was not cut off.'),
  })
  .meta({ id: 'AuditProof' });

export const AuditExport = z.string();
