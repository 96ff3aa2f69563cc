import type { Parts } from '../services/context.js';
import { forgetLlmCallsJob } from './forget-llm-calls.js';
import { forgetSendersJob } from './forget-senders.js';
import type { Job } from './job.js';
import { maintainPartitionsJob } from './maintain-partitions.js';
import { sendMailJob } from './send-mail.js';

/** Every job there is. */
export function createJobs(parts: Pick<Parts, 'store' | 'log' | 'accounts'>): readonly Job[] {
  return [maintainPartitionsJob(parts), forgetLlmCallsJob(parts), forgetSendersJob(parts), sendMailJob(parts)];
}
