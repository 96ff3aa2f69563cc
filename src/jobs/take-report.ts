import { z } from 'zod';
import { forgetReports } from '../services/abuse/forget-reports.js';
import { takeReport } from '../services/abuse/take-report.js';
import type { Parts } from '../services/context.js';
import type { Job } from './job.js';

const Payload = z.object({ tenant_id: z.string(), report_id: z.string() });

/** One mail to an abuse mailbox. */
export function takeReportJob(parts: Parts): Job {
  return {
    name: 'take-report',
    async run(payload) {
      const { tenant_id: tenantId, report_id: reportId } = Payload.parse(payload);
      await takeReport(parts, { tenantId, reportId });
    },
  };
}

/** Once a day: until then the policies of the database keep what has expired from being seen. */
export function forgetReportsJob(parts: Pick<Parts, 'store' | 'log'>): Job {
  return { name: 'forget-reports', every: { minutes: 1440, past: 50 }, run: () => forgetReports(parts) };
}
