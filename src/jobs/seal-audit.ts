import { sealAudit } from '../services/audit/seal-audit.js';
import type { Parts } from '../services/context.js';
import type { Job } from './job.js';

/** Each minute: so long is the end of the log without a seal. */
export function sealAuditJob(parts: Pick<Parts, 'store' | 'log'>): Job {
  return {
    name: 'seal-audit',
    every: { minutes: 1 },
    run: async () => {
      await sealAudit(parts);
    },
  };
}
