import { toMessageView } from '../../../services/scans/content/message-view.js';
import { grantSupport, listSupportGrants, revokeSupport } from '../../../services/support/grant-support.js';
import {
  getScanAsSupport,
  listLivingGrants,
  listScansAsSupport,
  openMessageAsSupport,
} from '../../../services/support/read-as-support.js';
import { answer, route } from '../../route.js';
import { MessageView } from '../../schemas/scans/message.js';
import { ScanResult } from '../../schemas/scans/scan-report.js';
import { ScanPage } from '../../schemas/scans/scan.js';
import * as schema from '../../schemas/governance/support.js';

/** Access of the platform's administrators to a tenant: given and ended by its owner, used by them, written in the tenant's log. */
export const SUPPORT_ROUTES = [
  route({
    method: 'get',
    path: '/support-grants',
    name: 'listSupportGrants',
    tag: 'Organisation',
    summary: 'Access given to the administrators of the platform',
    access: 'bearer',
    responses: { 200: { description: 'The last fifty.', schema: schema.SupportGrants } },
    errors: ['auth.forbidden'],
    async handle({ ctx }) {
      const rows = await listSupportGrants({ ctx });
      return answer(200, { items: rows.map((row) => toGrant(row, ctx.parts.now())) });
    },
  }),

  route({
    method: 'post',
    path: '/support-grants',
    name: 'grantSupport',
    tag: 'Organisation',
    summary: 'Let the administrators of the platform look in, for a time',
    description: 'For the owner. They read, and change nothing; whatever they read stands in the audit log.',
    access: 'bearer',
    body: schema.SupportGrantFields,
    responses: { 201: { description: 'It holds from now on.', schema: schema.SupportGrant } },
    errors: ['auth.forbidden', 'account.confirmation-needed', 'request.rate-limited'],
    async handle({ ctx, body }) {
      return answer(201, toGrant(await grantSupport({ ctx, input: body }), ctx.parts.now()));
    },
  }),

  route({
    method: 'delete',
    path: '/support-grants/{id}',
    name: 'revokeSupport',
    tag: 'Organisation',
    summary: 'End that access',
    access: 'bearer',
    params: schema.GrantId,
    responses: { 204: { description: 'It has ended.' } },
    errors: ['auth.forbidden', 'support.not-granted'],
    async handle({ ctx, params }) {
      await revokeSupport({ ctx, input: params });
      return answer(204);
    },
  }),

  route({
    method: 'get',
    path: '/platform/support-grants',
    name: 'listLivingGrants',
    tag: 'Platform',
    summary: 'Tenants that let you look in',
    access: 'bearer',
    responses: { 200: { description: 'What holds now.', schema: schema.LivingGrants } },
    errors: ['auth.forbidden'],
    async handle({ ctx }) {
      const rows = await listLivingGrants({ ctx });
      const items = rows.map(({ id, reason, content, tenantId, tenantName, createdAt, expiresAt }) => ({
        ...{ id, reason, content, tenant_id: tenantId, tenant_name: tenantName },
        created_at: createdAt.toISOString(),
        expires_at: expiresAt.toISOString(),
      }));
      return answer(200, { items });
    },
  }),

  route({
    method: 'get',
    path: '/platform/support-grants/{id}/scans',
    name: 'listScansAsSupport',
    tag: 'Platform',
    summary: 'Scans of a tenant that lets you look in',
    description: "Newest first. Written in the tenant's audit log.",
    access: 'bearer',
    params: schema.GrantId,
    query: schema.SupportListQuery,
    responses: { 200: { description: 'One page.', schema: ScanPage } },
    errors: ['auth.forbidden', 'support.not-granted', 'request.cursor-invalid'],
    async handle({ ctx, params, query }) {
      const input = { grantId: params.id, limit: query.limit, cursor: query.cursor ?? null };
      return answer(200, await listScansAsSupport({ ctx, input }));
    },
  }),

  route({
    method: 'get',
    path: '/platform/support-grants/{id}/scans/{scan}',
    name: 'getScanAsSupport',
    tag: 'Platform',
    summary: 'A verdict of a tenant that lets you look in',
    access: 'bearer',
    params: schema.ScanOfGrant,
    responses: { 200: { description: 'The verdict.', schema: ScanResult } },
    errors: ['auth.forbidden', 'support.not-granted', 'scan.not-found'],
    async handle({ ctx, params }) {
      return answer(200, await getScanAsSupport({ ctx, input: { grantId: params.id, scanId: params.scan } }));
    },
  }),

  route({
    method: 'get',
    path: '/platform/support-grants/{id}/scans/{scan}/message',
    name: 'openMessageAsSupport',
    tag: 'Platform',
    summary: 'A message of a tenant that lets you open messages',
    access: 'bearer',
    params: schema.ScanOfGrant,
    query: schema.SupportReason,
    responses: { 200: { description: 'The message.', schema: MessageView } },
    errors: ['auth.forbidden', 'support.not-granted', 'scan.not-found', 'scan.content-gone'],
    async handle({ ctx, params, query }) {
      const input = { grantId: params.id, scanId: params.scan, reason: query.reason };
      return answer(200, toMessageView(await openMessageAsSupport({ ctx, input })));
    },
  }),
] as const;

function toGrant(row: Awaited<ReturnType<typeof grantSupport>>, now: Date) {
  const { id, reason, content, grantedBy, createdAt, expiresAt, revokedAt } = row;
  return {
    ...{ id, reason, content, granted_by: grantedBy },
    created_at: createdAt.toISOString(),
    expires_at: expiresAt.toISOString(),
    revoked_at: revokedAt?.toISOString() ?? null,
    holds: revokedAt === null && expiresAt > now,
  };
}
