import type { Parts } from '../services/context.js';
import { forgetLlmCallsJob } from './forget-llm-calls.js';
import { forgetSendersJob } from './forget-senders.js';
import type { Job } from './job.js';
import { forgetWindowsJob } from './forget-windows.js';
import { maintainPartitionsJob } from './maintain-partitions.js';
import { moveRetentionJob } from './move-retention.js';
import { privacyJobs } from './privacy.js';
import { sealAuditJob } from './seal-audit.js';
import { queueDueDirectoriesJob, readDirectoryJob } from './read-directory.js';
import { recheckDomainsJob } from './recheck-domains.js';
import { renewPushesJob } from './renew-pushes.js';
import { forgetRevocationsJob, revokeAccessJob } from './revoke-access.js';
import { sendMailJob } from './send-mail.js';
import { handOverScansJob, queueDueMailboxesJob, resumeMailboxesJob, syncMailboxJob } from './sync-mailbox.js';
import { forgetReportsJob, takeReportJob } from './take-report.js';

/** Every job there is. */
export function createJobs(parts: Parts): readonly Job[] {
  return [
    maintainPartitionsJob(parts),
    sealAuditJob(parts),
    forgetWindowsJob(parts),
    forgetLlmCallsJob(parts),
    forgetSendersJob(parts),
    moveRetentionJob(parts),
    sendMailJob(parts),
    syncMailboxJob(parts),
    queueDueMailboxesJob(parts),
    resumeMailboxesJob(parts),
    handOverScansJob(parts),
    renewPushesJob(parts),
    revokeAccessJob(parts),
    forgetRevocationsJob(parts),
    takeReportJob(parts),
    readDirectoryJob(parts),
    queueDueDirectoriesJob(parts),
    forgetReportsJob(parts),
    recheckDomainsJob(parts),
    ...privacyJobs(parts),
  ];
}
