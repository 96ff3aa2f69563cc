import { eraseDue } from '../services/privacy/erase-due.js';
import { forgetDeletions, logDeletions } from '../services/privacy/log-deletions.js';
import { makeExport } from '../services/privacy/make-export.js';
import type { Job } from './job.js';

export function privacyJobs(parts: Parameters<typeof eraseDue>[0]): readonly Job[] {
  return [
    { name: 'export-data', run: (payload) => makeExport(parts, payload) },
    { name: 'erase-due', every: { minutes: 60, past: 20 }, atStart: true, run: () => eraseDue(parts) },
    // Also without being told: a job that failed too often is given up, and what a restored copy brought along has none.
    { name: 'log-deletions', every: { minutes: 60, past: 50 }, atStart: true, run: () => logDeletions(parts) },
    { name: 'forget-deletions', every: { minutes: 1440, past: 220 }, run: () => forgetDeletions(parts) },
  ];
}
