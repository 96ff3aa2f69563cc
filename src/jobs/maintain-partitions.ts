import { maintainPartitions } from '../services/operations/maintain-partitions.js';
import type { Parts } from '../services/context.js';
import type { Job } from './job.js';

/** Soon after midnight UTC, when a day's scans have expired; at every start, because nobody may have been there at midnight. */
export function maintainPartitionsJob(parts: Pick<Parts, 'store' | 'log'>): Job {
  return {
    name: 'maintain-partitions',
    every: { minutes: 1440, past: 5 },
    atStart: true,
    run: () => maintainPartitions(parts),
  };
}
