import { z } from 'zod';
import { WrongVerdicts } from './feedback.js';
import { Overview } from './scan.js';

export const InsightsQuery = z.strictObject({ days: z.coerce.number().int().min(1).max(365).default(30) });

const tally = {
  total: z.int(),
  dangerous: z.int().describe('Of them phishing, malware or suspicious.'),
};

export const Insights = z
  .object({
    overview: Overview,
    senders: z
      .array(z.object({ address: z.string(), ...tally }))
      .describe('Whose messages were dangerous, the most often first, at most ten.'),
    targets: z
      .array(z.object({ user_id: z.uuid(), email: z.string().nullable(), ...tally }))
      .describe('Whose scans were dangerous; `email` is null for whoever is no member any more.'),
    wrong: WrongVerdicts,
  })
  .meta({ id: 'Insights' });
