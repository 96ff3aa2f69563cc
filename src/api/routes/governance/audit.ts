import { exportAudit } from '../../../services/audit/export-audit.js';
import { readAudit } from '../../../services/audit/read-audit.js';
import { verifyAudit, verifySystemLog } from '../../../services/audit/verify-audit.js';
import { answer, route } from '../../route.js';
import { sendPortions } from '../../send-portions.js';
import { AuditExport, AuditExportQuery, AuditPage, AuditProof, AuditQuery } from '../../schemas/governance/audit.js';

interface Filters {
  readonly action?: string | undefined;
  readonly actor?: string | undefined;
  readonly since?: string | undefined;
  readonly until?: string | undefined;
}

const toFilter = ({ action, actor, since, until }: Filters) => ({
  ...(action === undefined ? {} : { action }),
  ...(actor === undefined ? {} : { actor: `user:${actor}` }),
  ...(since === undefined ? {} : { since: new Date(since) }),
  ...(until === undefined ? {} : { until: new Date(until) }),
});

export const AUDIT_ROUTES = [
  route({
    method: 'get',
    path: '/audit',
    name: 'readAudit',
    tag: 'Audit',
    summary: 'What happened, newest first',
    description:
      'Administrators see the whole organisation; everybody sees what they did, and what was done with what is theirs.',
    access: 'bearer',
    query: AuditQuery,
    responses: { 200: { description: 'One page.', schema: AuditPage } },
    errors: ['request.cursor-invalid'],
    async handle({ ctx, query }) {
      const { cursor = null, limit, ...filters } = query;
      const page = await readAudit({ ctx, input: { filter: toFilter(filters), limit, cursor } });
      return answer(200, {
        items: page.items.map((row) => ({ ...row, at: row.at.toISOString() })),
        next_cursor: page.next_cursor,
      });
    },
  }),

  route({
    method: 'get',
    path: '/audit/proof',
    name: 'verifyAudit',
    tag: 'Audit',
    summary: 'Whether the log is whole',
    description: 'Computes the chain of seals again: an event that is missing, changed or was added later shows.',
    access: 'bearer',
    responses: { 200: { description: 'What was found.', schema: AuditProof } },
    errors: ['auth.forbidden'],
    async handle({ ctx }) {
      const { faultAfter, ...proof } = await verifyAudit({ ctx });
      return answer(200, { whole: proof.fault === null, ...proof, fault_after: faultAfter });
    },
  }),

  route({
    method: 'get',
    path: '/platform/log/proof',
    name: 'verifySystemLog',
    tag: 'Platform',
    summary: 'Whether the log of what belongs to no organisation is whole',
    access: 'bearer',
    responses: { 200: { description: 'What was found.', schema: AuditProof } },
    errors: ['auth.forbidden'],
    async handle({ ctx }) {
      const { faultAfter, ...proof } = await verifySystemLog({ ctx });
      return answer(200, { whole: proof.fault === null, ...proof, fault_after: faultAfter });
    },
  }),

  route({
    method: 'get',
    path: '/audit/export',
    name: 'exportAudit',
    tag: 'Audit',
    summary: 'The log as a file',
    access: 'bearer',
    query: AuditExportQuery,
    responses: { 200: { description: 'CSV, or OCSF objects, one a line.', type: 'text/csv', schema: AuditExport } },
    errors: ['auth.forbidden'],
    async handle({ ctx, query, response }) {
      const { format, ...filters } = query;
      const portions = await exportAudit({ ctx, input: { filter: toFilter(filters), format } });
      const file =
        format === 'csv'
          ? { type: 'text/csv; charset=utf-8', name: 'audit.csv' }
          : { type: 'application/x-ndjson', name: 'audit.ocsf.ndjson' };
      await sendPortions(response, file, portions);
      return null;
    },
  }),
] as const;
