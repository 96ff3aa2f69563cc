import {
  createProvisioningToken,
  getProvisioning,
  removeProvisioningToken,
  setGroupAdministers,
} from '../../../services/provisioning/directory.js';
import { answer, route } from '../../route.js';
import type { Route } from '../../route.js';
import * as schema from '../../schemas/organisations/provisioning.js';
import { Confirmation } from '../../schemas/accounts/security.js';

const tag = 'Organisation';
const access = 'bearer';

/** What the owner sets of provisioning; the directory itself speaks SCIM, see docs/single-sign-on.md. */
export const PROVISIONING_ROUTES: readonly Route[] = [
  route({
    ...{ method: 'get', path: '/organisation/provisioning', name: 'getProvisioning', tag, access },
    summary: 'The directory that provides people and groups',
    responses: { 200: { description: 'For the owner.', schema: schema.Provisioning } },
    errors: ['auth.forbidden'],
    async handle({ ctx }) {
      const { tokens, people, groups } = await getProvisioning({ ctx });
      return answer(200, {
        base_url: `${ctx.parts.accounts.publicUrl()}/scim/v2`,
        ...{ people, groups },
        tokens: tokens.map(({ id, hint, createdAt, lastUsedAt }) => ({
          ...{ id, hint, created_at: createdAt.toISOString(), last_used_at: lastUsedAt?.toISOString() ?? null },
        })),
      });
    },
  }),
  route({
    ...{ method: 'post', path: '/organisation/provisioning/tokens', name: 'createProvisioningToken', tag, access },
    summary: 'Make a token for the directory',
    description: 'Shown this once; stored as a hash. Two at most, so that one can take the place of the other.',
    body: Confirmation,
    responses: { 201: { description: 'Made.', schema: schema.NewProvisioningToken } },
    errors: ['auth.forbidden', 'organisation.limit', 'account.confirmation-needed', 'request.rate-limited'],
    async handle({ ctx, body }) {
      return answer(201, await createProvisioningToken({ ctx, input: body }));
    },
  }),
  route({
    ...{ method: 'delete', path: '/organisation/provisioning/tokens/{id}', tag, access },
    name: 'removeProvisioningToken',
    summary: 'Remove a token of the directory',
    params: schema.TokenId,
    responses: { 204: { description: 'It works no longer.' } },
    errors: ['auth.forbidden', 'provisioning.token-not-found'],
    async handle({ ctx, params }) {
      await removeProvisioningToken({ ctx, input: params });
      return answer(204);
    },
  }),
  route({
    ...{ method: 'patch', path: '/organisation/provisioning/groups/{id}', name: 'setGroupAdministers', tag, access },
    summary: 'Say whether the people of a group administer the organisation',
    description: 'For the owner, who is asked for the password before they do.',
    params: schema.TokenId,
    body: schema.GroupRole,
    responses: { 204: { description: 'At once.' } },
    errors: [
      ...(['auth.forbidden', 'provisioning.group-not-found', 'account.confirmation-needed'] as const),
      'request.rate-limited',
    ],
    async handle({ ctx, params, body }) {
      await setGroupAdministers({ ctx, input: { ...params, ...body } });
      return answer(204);
    },
  }),
];
