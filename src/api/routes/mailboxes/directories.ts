import type { z } from 'zod';
import { PosternError } from '../../../errors.js';
import { browseGroups, browsePeople, listDirectories } from '../../../services/directories/browse-directory.js';
import { chooseMailboxes } from '../../../services/directories/choose-mailboxes.js';
import { closeAccess } from '../../../services/directories/close-access.js';
import { openAccess } from '../../../services/directories/open-access.js';
import { goneSignal } from '../../event-stream.js';
import { answer, route } from '../../route.js';
import {
  ClosedDirectory,
  DirectoryAccess,
  DirectoryChoice,
  DirectoryGroups,
  DirectoryId,
  DirectoryList,
  DirectoryPeople,
  DirectoryQuery,
  GoogleDirectoryOpening,
  MicrosoftDirectoryOpening,
} from '../../schemas/mailboxes/directory.js';

const providerErrors = ['mailbox.login-refused', 'mailbox.unreachable'] as const;
const confirmationErrors = ['account.confirmation-needed', 'request.rate-limited'] as const;
const AT_ONCE =
  'The directory is asked at once; nothing is kept of what does not work. Where it is open already: new keys for what is connected.';
const ASKED =
  'Asks for the password; whom the organisation signed in has done so within ten minutes instead, as has whoever has none.';
const opened = { description: 'It is open; nobody is connected until mailboxes are chosen.', schema: DirectoryAccess };
const browseErrors = [
  ...['auth.forbidden', 'directory.not-found', 'directory.group-unknown', 'request.cursor-invalid'],
  ...providerErrors,
] as const;

/** The mailboxes of a whole organisation. For administrators. */
export const DIRECTORY_ROUTES = [
  route({
    method: 'post',
    path: '/directories/google',
    name: 'openGoogleDirectory',
    tag: 'Mailboxes',
    summary: 'Open the mailboxes of a whole Google Workspace',
    description: `With a service account and domain-wide delegation. ${AT_ONCE} ${ASKED}`,
    access: 'bearer',
    body: GoogleDirectoryOpening,
    responses: { 200: opened },
    errors: ['auth.forbidden', 'organisation.personal', ...confirmationErrors, ...providerErrors],
    async handle({ ctx, body: { service_account: serviceAccount, ...given } }) {
      const input = { provider: 'gmail' as const, serviceAccount, ...given };
      return answer(200, await openAccess({ ctx, input }));
    },
  }),

  route({
    method: 'post',
    path: '/directories/microsoft',
    name: 'openMicrosoftDirectory',
    tag: 'Mailboxes',
    summary: 'Open the mailboxes of a whole Microsoft 365 tenant',
    description: `With an application and application permissions. ${AT_ONCE} ${ASKED}`,
    access: 'bearer',
    body: MicrosoftDirectoryOpening,
    responses: { 200: opened },
    errors: ['auth.forbidden', 'organisation.personal', ...confirmationErrors, ...providerErrors],
    async handle({ ctx, body: { tenant, client_id: clientId, access, password, ...given } }) {
      const proof = proofOf(given);
      const input = { provider: 'microsoft-graph' as const, tenant, clientId, access, proof, password };
      return answer(200, await openAccess({ ctx, input }));
    },
  }),

  route({
    method: 'get',
    path: '/directories',
    name: 'listDirectories',
    tag: 'Mailboxes',
    summary: 'What opens the mailboxes of the organisation',
    access: 'bearer',
    responses: { 200: { description: 'At most one a provider.', schema: DirectoryList } },
    errors: ['auth.forbidden'],
    async handle({ ctx }) {
      return answer(200, { items: await listDirectories({ ctx }) });
    },
  }),

  route({
    method: 'get',
    path: '/directories/{id}/people',
    name: 'browseDirectoryPeople',
    tag: 'Mailboxes',
    summary: 'The people of the directory, with their mailboxes',
    access: 'bearer',
    params: DirectoryId,
    query: DirectoryQuery,
    responses: { 200: { description: 'One page, as the provider orders it.', schema: DirectoryPeople } },
    errors: browseErrors,
    async handle({ ctx, params, query, response }) {
      return answer(200, await browsePeople({ ctx, input: browsing(params.id, query, goneSignal(response)) }));
    },
  }),

  route({
    method: 'get',
    path: '/directories/{id}/groups',
    name: 'browseDirectoryGroups',
    tag: 'Mailboxes',
    summary: 'The groups of the directory',
    access: 'bearer',
    params: DirectoryId,
    query: DirectoryQuery,
    responses: { 200: { description: 'One page.', schema: DirectoryGroups } },
    errors: browseErrors,
    async handle({ ctx, params, query, response }) {
      return answer(200, await browseGroups({ ctx, input: browsing(params.id, query, goneSignal(response)) }));
    },
  }),

  route({
    method: 'put',
    path: '/directories/{id}/choice',
    name: 'chooseDirectoryMailboxes',
    tag: 'Mailboxes',
    summary: 'Choose which mailboxes are connected',
    description: `They are connected in the background, within minutes; who is chosen no longer is disconnected. ${ASKED}`,
    access: 'bearer',
    params: DirectoryId,
    body: DirectoryChoice,
    bodyLimit: 1_000_000,
    responses: { 200: { description: 'As it was chosen.', schema: DirectoryAccess } },
    errors: ['auth.forbidden', 'directory.not-found', ...confirmationErrors],
    async handle({ ctx, params, body: { mode, people, group, backfill_days: backfillDays, password } }) {
      if ((mode === 'group') !== (group !== null)) refuse('group', 'is needed for `group`, and only there');
      if (mode !== 'some' && people.length > 0) refuse('people', 'are named for `some` only');
      const choice = { mode, people, group, backfillDays };
      return answer(200, await chooseMailboxes({ ctx, input: { id: params.id, choice, password } }));
    },
  }),

  route({
    method: 'delete',
    path: '/directories/{id}',
    name: 'closeDirectory',
    tag: 'Mailboxes',
    summary: 'Disconnect the whole organisation',
    description: 'Destroys the keys and disconnects every mailbox they opened. Verdicts stay until they expire.',
    access: 'bearer',
    params: DirectoryId,
    responses: { 200: { description: 'What ended, and what the provider still holds.', schema: ClosedDirectory } },
    errors: ['auth.forbidden', 'directory.not-found'],
    async handle({ ctx, params }) {
      return answer(200, await closeAccess({ ctx, input: params }));
    },
  }),
] as const;

function proofOf({
  secret,
  certificate,
  private_key: privateKey,
}: Pick<z.output<typeof MicrosoftDirectoryOpening>, 'secret' | 'certificate' | 'private_key'>) {
  const paired = certificate !== undefined && privateKey !== undefined;
  if ((secret !== undefined) === paired) refuse('secret', 'or a certificate with its private key is needed, not both');
  return secret === undefined ? { certificate: certificate ?? '', privateKey: privateKey ?? '' } : { secret };
}

function refuse(field: string, what: string): never {
  throw new PosternError('request.invalid', `${field} ${what}.`, { details: { field } });
}

function browsing(id: string, query: z.output<typeof DirectoryQuery>, signal: AbortSignal) {
  const { text, limit, cursor = null } = query;
  return { id, limit, cursor, signal, ...(text === undefined ? {} : { text }) };
}
