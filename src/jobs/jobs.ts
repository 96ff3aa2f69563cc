import type { Parts } from '../services/context.js';
import { forgetLlmCallsJob } from './forget-llm-calls.js';
import { forgetSendersJob } from './forget-senders.js';
import type { Job } from './job.js';
import { maintainPartitionsJob } from './maintain-partitions.js';
import { renewPushesJob } from './renew-pushes.js';
import { sendMailJob } from './send-mail.js';
import { queueDueMailboxesJob, syncMailboxJob } from './sync-mailbox.js';

/** Every job there is. */
export function createJobs(parts: Parts): readonly Job[] {
  return [
    maintainPartitionsJob(parts),
    forgetLlmCallsJob(parts),
    forgetSendersJob(parts),
    sendMailJob(parts),
    syncMailboxJob(parts),
    queueDueMailboxesJob(parts),
    renewPushesJob(parts),
  ];
}
