import type { Parts } from '../services/context.js';
import { forgetSendersJob } from './forget-senders.js';
import type { Job } from './job.js';
import { maintainPartitionsJob } from './maintain-partitions.js';

/** Every job there is. */
export function createJobs(parts: Pick<Parts, 'store' | 'log'>): readonly Job[] {
  return [maintainPartitionsJob(parts), forgetSendersJob(parts)];
}
