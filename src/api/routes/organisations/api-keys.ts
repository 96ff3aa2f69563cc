import { createKey } from '../../../services/api-keys/create-key.js';
import { listKeys } from '../../../services/api-keys/list-keys.js';
import { revokeKey } from '../../../services/api-keys/revoke-key.js';
import { rotateKey } from '../../../services/api-keys/rotate-key.js';
import { answer, route } from '../../route.js';
import {
  ApiKeyFields,
  ApiKeyId,
  ApiKeyList,
  CreatedApiKey,
  RotateFields,
} from '../../schemas/organisations/api-keys.js';

/** Keys for programs. No key reaches these: it could give itself what its owner did not. */
export const API_KEY_ROUTES = [
  route({
    method: 'get',
    path: '/api-keys',
    name: 'listApiKeys',
    tag: 'API keys',
    summary: 'Your API keys',
    description: 'Administrators see those of the whole organisation. Revoked ones are left out.',
    access: 'bearer',
    responses: { 200: { description: 'All of them.', schema: ApiKeyList } },
    errors: ['auth.forbidden'],
    async handle({ ctx }) {
      return answer(200, { items: await listKeys({ ctx }) });
    },
  }),

  route({
    method: 'post',
    path: '/api-keys',
    name: 'createApiKey',
    tag: 'API keys',
    summary: 'Make an API key',
    description:
      'It acts as you in the organisation you work in, with your role of the moment and within its scopes. It ends when you leave ' +
      'the organisation or your account is suspended.',
    access: 'bearer',
    body: ApiKeyFields,
    responses: { 201: { description: 'The key, with its secret.', schema: CreatedApiKey } },
    errors: ['auth.forbidden', 'api-key.limit', 'account.confirmation-needed', 'request.rate-limited'],
    async handle({ ctx, body }) {
      const { expires_at: end, ...rest } = body;
      return answer(201, await createKey({ ctx, input: { ...rest, expiresAt: end === null ? null : new Date(end) } }));
    },
  }),

  route({
    method: 'post',
    path: '/api-keys/{id}/rotate',
    name: 'rotateApiKey',
    tag: 'API keys',
    summary: 'Give an API key a new secret',
    description: 'Your own keys only. Name, scopes and bindings stay.',
    access: 'bearer',
    params: ApiKeyId,
    body: RotateFields,
    responses: { 200: { description: 'The key, with its new secret.', schema: CreatedApiKey } },
    errors: ['auth.forbidden', 'api-key.not-found', 'account.confirmation-needed', 'request.rate-limited'],
    async handle({ ctx, params, body }) {
      const input = { id: params.id, overlapSeconds: body.overlap_seconds, password: body.password };
      return answer(200, await rotateKey({ ctx, input }));
    },
  }),

  route({
    method: 'delete',
    path: '/api-keys/{id}',
    name: 'revokeApiKey',
    tag: 'API keys',
    summary: 'Revoke an API key',
    description: 'For good. It is refused from now on, by other processes within five seconds.',
    access: 'bearer',
    params: ApiKeyId,
    responses: { 204: { description: 'It works no longer.' } },
    errors: ['auth.forbidden', 'api-key.not-found'],
    async handle({ ctx, params }) {
      await revokeKey({ ctx, input: params });
      return answer(204);
    },
  }),
] as const;
