import type { Parts } from '../services/context.js';
import type { Job } from './job.js';
import { forgetWindowsJob } from './forget-windows.js';
import { maintainPartitionsJob } from './maintain-partitions.js';
import { moveRetentionJob } from './move-retention.js';
import { privacyJobs } from './privacy.js';
import { sealAuditJob } from './seal-audit.js';

/** Every job there is. */
export function createJobs(parts: Pick<Parts, 'store' | 'keys' | 'log'>): readonly Job[] {
  return [
    maintainPartitionsJob(parts),
    sealAuditJob(parts),
    forgetWindowsJob(parts),
    moveRetentionJob(parts),
    ...privacyJobs(parts),
  ];
}
