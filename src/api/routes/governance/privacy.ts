import { askForDeletion, askForPurge, getPrivacy, recordConsent } from '../../../services/privacy/consents.js';
import { listExports, readExport, startExport } from '../../../services/privacy/exports.js';
import { answer, route } from '../../route.js';
import * as schema from '../../schemas/governance/privacy.js';
import { Confirmation } from '../../schemas/accounts/security.js';
import { sendPortions } from '../../send-portions.js';

export const PRIVACY_ROUTES = [
  route({
    method: 'get',
    path: '/privacy',
    name: 'getPrivacy',
    tag: 'Privacy',
    summary: 'Consents, and deletions that were asked for',
    access: 'bearer',
    responses: { 200: { description: 'What holds.', schema: schema.Privacy } },
    async handle({ ctx }) {
      const { consents, accountDue, tenantDue } = await getPrivacy({ ctx });
      return answer(200, {
        consents: consents.map(({ at, ...consent }) => ({ ...consent, at: at.toISOString() })),
        account_deletion: accountDue?.toISOString() ?? null,
        organisation_deletion: tenantDue?.toISOString() ?? null,
      });
    },
  }),

  route({
    method: 'post',
    path: '/privacy/consents',
    name: 'recordConsent',
    tag: 'Privacy',
    summary: 'Agree to something, or withdraw it',
    access: 'bearer',
    body: schema.ConsentFields,
    responses: { 204: { description: 'It is in the log.' } },
    async handle({ ctx, body }) {
      await recordConsent({ ctx, input: body });
      return answer(204);
    },
  }),

  route({
    method: 'get',
    path: '/privacy/exports',
    name: 'listExports',
    tag: 'Privacy',
    summary: 'Your exports and how far they are',
    access: 'bearer',
    responses: { 200: { description: 'Those of the last seven days.', schema: schema.Exports } },
    async handle({ ctx }) {
      const rows = await listExports({ ctx });
      const items = rows.map(({ id, status, messagesDone, createdAt, expiresAt }) => ({
        ...{ id, status, messages_done: messagesDone },
        created_at: createdAt.toISOString(),
        expires_at: expiresAt.toISOString(),
      }));
      return answer(200, { items });
    },
  }),

  route({
    method: 'post',
    path: '/privacy/exports',
    name: 'startExport',
    tag: 'Privacy',
    summary: 'Export everything that is yours here',
    description: 'Runs in the background: account, consents, log and scans as JSON, stored messages as mbox.',
    access: 'bearer',
    body: Confirmation,
    responses: { 202: { description: 'It has been queued.', schema: schema.ExportStarted } },
    errors: ['account.confirmation-needed', 'request.rate-limited'],
    async handle({ ctx, body }) {
      return answer(202, await startExport({ ctx, input: body }));
    },
  }),

  route({
    method: 'get',
    path: '/privacy/exports/{id}/content',
    name: 'downloadExport',
    tag: 'Privacy',
    summary: 'A file of an export that is ready',
    access: 'bearer',
    params: schema.ExportId,
    query: schema.ExportFile,
    responses: {
      200: {
        description: 'JSON objects, one a line, or messages as mbox.',
        type: 'application/octet-stream',
        schema: schema.ExportContent,
      },
    },
    errors: ['export.not-found'],
    async handle({ ctx, params, query, response }) {
      const portions = await readExport({ ctx, input: { id: params.id, file: query.file } });
      const file =
        query.file === 'json'
          ? { type: 'application/x-ndjson', name: 'postern.ndjson' }
          : { type: 'application/mbox', name: 'postern.mbox' };
      await sendPortions(response, file, portions);
      return null;
    },
  }),

  route({
    method: 'post',
    path: '/privacy/deletion',
    name: 'askForDeletion',
    tag: 'Privacy',
    summary: 'Delete your account in seven days',
    description: 'Until then it can be taken back. Afterwards nothing personal is left in any table.',
    access: 'bearer',
    body: Confirmation,
    responses: { 200: { description: 'When.', schema: schema.Due } },
    errors: ['organisation.owner-stays', 'account.confirmation-needed', 'request.rate-limited'],
    async handle({ ctx, body }) {
      const due = await askForDeletion({ ctx, input: { wanted: true, ...body } });
      return answer(200, { due: (due ?? new Date()).toISOString() });
    },
  }),

  route({
    method: 'delete',
    path: '/privacy/deletion',
    name: 'keepAccount',
    tag: 'Privacy',
    summary: 'Keep your account after all',
    access: 'bearer',
    responses: { 204: { description: 'It stays.' } },
    async handle({ ctx }) {
      await askForDeletion({ ctx, input: { wanted: false } });
      return answer(204);
    },
  }),

  route({
    method: 'post',
    path: '/organisation/deletion',
    name: 'askForPurge',
    tag: 'Organisation',
    summary: 'Delete the organisation with everything in it in seven days',
    access: 'bearer',
    body: Confirmation,
    responses: { 200: { description: 'When.', schema: schema.Due } },
    errors: ['auth.forbidden', 'organisation.personal', 'account.confirmation-needed', 'request.rate-limited'],
    async handle({ ctx, body }) {
      const due = await askForPurge({ ctx, input: { wanted: true, ...body } });
      return answer(200, { due: (due ?? new Date()).toISOString() });
    },
  }),

  route({
    method: 'delete',
    path: '/organisation/deletion',
    name: 'keepOrganisation',
    tag: 'Organisation',
    summary: 'Keep the organisation after all',
    access: 'bearer',
    responses: { 204: { description: 'It stays.' } },
    errors: ['auth.forbidden'],
    async handle({ ctx }) {
      await askForPurge({ ctx, input: { wanted: false } });
      return answer(204);
    },
  }),
] as const;
