import { z } from 'zod';
import { ScanLabel } from './scan-report.js';

const kind = z
  .enum(['missed-threat', 'false-alarm'])
  .describe('`missed-threat`: it is more dangerous than the verdict says; `false-alarm`: it is not.');

export const FeedbackFields = z
  .strictObject({ kind, comment: z.string().trim().max(1000).default('').describe('Why, for whoever looks into it.') })
  .meta({ id: 'FeedbackFields' });

export const FeedbackList = z
  .object({
    items: z
      .array(
        z.object({
          kind,
          source: z.enum(['person', 'rescan']).describe('`rescan`: a later scan of the message showed it.'),
          comment: z.string(),
          label_before: ScanLabel.describe('The verdict that was wrong.'),
          user_id: z.uuid(),
          own: z.boolean(),
          created_at: z.iso.datetime(),
        }),
      )
      .describe('Oldest first.'),
  })
  .meta({ id: 'FeedbackList' });

export const WrongVerdicts = z
  .object({
    missed: z.int().describe('Messages that were let through and are dangerous, as people or a later scan say.'),
    false_alarms: z.int(),
    days: z
      .array(z.object({ day: z.iso.date(), missed: z.int(), false_alarms: z.int() }))
      .describe('By the day (UTC) on which it was noticed, oldest first; days without any are left out.'),
    items: z
      .array(
        z.object({
          scan_id: z.string(),
          kind,
          label_before: ScanLabel,
          label_now: ScanLabel,
          reports: z.int().describe('People who said so.'),
          rescanned: z.boolean().describe('A later scan showed it.'),
          delivered: z.boolean().describe('It had come into a connected mailbox.'),
          subject: z.string(),
          from: z.string(),
          noticed_at: z.iso.datetime(),
        }),
      )
      .describe('The newest first, at most twenty.'),
  })
  .meta({ id: 'WrongVerdicts' });
