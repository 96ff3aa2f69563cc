import { eraseDue } from '../services/privacy/erase-due.js';
import { makeExport } from '../services/privacy/make-export.js';
import type { Job } from './job.js';

export function privacyJobs(parts: Parameters<typeof eraseDue>[0]): readonly Job[] {
  return [
    { name: 'export-data', run: (payload) => makeExport(parts, payload) },
    { name: 'erase-due', cron: '20 * * * *', atStart: true, run: () => eraseDue(parts) },
  ];
}
