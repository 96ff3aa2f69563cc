import { z } from 'zod';
import { listPasskeys, removePasskey, renamePasskey } from '../../../services/passkeys/own-passkeys.js';
import { addPasskey, beginPasskey } from '../../../services/passkeys/register-passkey.js';
import { newRecoveryCodes, removeTotp } from '../../../services/second-factors/change-totp.js';
import { beginTotp, confirmTotp } from '../../../services/second-factors/set-up-totp.js';
import { answer, route } from '../../route.js';
import type { Route } from '../../route.js';
import { PasskeyList, PasskeyOptions } from '../../schemas/accounts/passkey.js';
import {
  Confirmation,
  FactorProof,
  NewPasskey,
  PasskeyName,
  RecoveryCodes,
  TotpCode,
  TotpOffer,
} from '../../schemas/accounts/security.js';

const passkeyId = z.object({ passkey: z.string().regex(/^[\w-]{1,2000}$/) });

/** Authenticator app, recovery codes and passkeys of one's own. */
export const SECOND_FACTOR_ROUTES: readonly Route[] = [
  route({
    method: 'post',
    path: '/account/totp',
    name: 'beginTotp',
    tag: 'Account',
    summary: 'Begin to set up an authenticator app',
    access: 'bearer',
    body: Confirmation,
    responses: { 200: { description: 'The secret of the app.', schema: TotpOffer } },
    errors: ['account.confirmation-needed', 'account.second-factor-exists', 'request.rate-limited'],
    async handle({ ctx, body }) {
      const { qrSvg, ...offer } = await beginTotp({ ctx, input: body });
      return answer(200, { ...offer, qr_svg: qrSvg });
    },
  }),

  route({
    method: 'post',
    path: '/account/totp/confirm',
    name: 'confirmTotp',
    tag: 'Account',
    summary: 'Turn the authenticator app on with its first code',
    access: 'bearer',
    body: TotpCode,
    responses: { 200: { description: 'Ten recovery codes.', schema: RecoveryCodes } },
    errors: ['auth.code-invalid', 'account.second-factor-exists', 'request.rate-limited'],
    async handle({ ctx, body }) {
      return answer(200, { recovery_codes: await confirmTotp({ ctx, input: body }) });
    },
  }),

  route({
    method: 'post',
    path: '/account/totp/remove',
    name: 'removeTotp',
    tag: 'Account',
    summary: 'Remove the authenticator app',
    access: 'bearer',
    body: FactorProof,
    responses: { 204: { description: 'Removed.' } },
    errors: [
      'account.confirmation-needed',
      'account.second-factor-missing',
      'auth.code-invalid',
      'request.rate-limited',
    ],
    async handle({ ctx, body }) {
      await removeTotp({ ctx, input: body });
      return answer(204);
    },
  }),

  route({
    method: 'post',
    path: '/account/recovery-codes',
    name: 'newRecoveryCodes',
    tag: 'Account',
    summary: 'Replace your recovery codes',
    access: 'bearer',
    body: FactorProof,
    responses: { 200: { description: 'Ten new codes; those before are void.', schema: RecoveryCodes } },
    errors: [
      'account.confirmation-needed',
      'account.second-factor-missing',
      'auth.code-invalid',
      'request.rate-limited',
    ],
    async handle({ ctx, body }) {
      return answer(200, { recovery_codes: await newRecoveryCodes({ ctx, input: body }) });
    },
  }),

  route({
    method: 'get',
    path: '/account/passkeys',
    name: 'listPasskeys',
    tag: 'Account',
    summary: 'Your passkeys',
    access: 'bearer',
    responses: { 200: { description: 'The oldest first.', schema: PasskeyList } },
    async handle({ ctx }) {
      const passkeys = (await listPasskeys({ ctx })).map((passkey) => ({
        ...{ id: passkey.credentialId, name: passkey.name, backed_up: passkey.backedUp },
        ...{ created_at: passkey.createdAt.toISOString(), last_used_at: passkey.lastUsedAt?.toISOString() ?? null },
      }));
      return answer(200, { passkeys });
    },
  }),

  route({
    method: 'post',
    path: '/account/passkeys/options',
    name: 'beginPasskey',
    tag: 'Account',
    summary: 'Begin to add a passkey',
    access: 'bearer',
    body: Confirmation,
    responses: { 200: { description: 'For `navigator.credentials.create()`.', schema: PasskeyOptions } },
    errors: ['account.confirmation-needed', 'account.passkey-refused', 'request.rate-limited'],
    async handle({ ctx, body }) {
      return answer(200, { public_key: { ...(await beginPasskey({ ctx, input: body })) } });
    },
  }),

  route({
    method: 'post',
    path: '/account/passkeys',
    name: 'addPasskey',
    tag: 'Account',
    summary: 'Add the passkey the browser made',
    access: 'bearer',
    body: NewPasskey,
    responses: { 204: { description: 'Added.' } },
    errors: ['account.passkey-refused', 'account.passkey-exists'],
    async handle({ ctx, body }) {
      await addPasskey({ ctx, input: body });
      return answer(204);
    },
  }),

  route({
    method: 'patch',
    path: '/account/passkeys/{passkey}',
    name: 'renamePasskey',
    tag: 'Account',
    summary: 'Rename a passkey',
    access: 'bearer',
    params: passkeyId,
    body: PasskeyName,
    responses: { 204: { description: 'Renamed.' } },
    errors: ['account.not-found'],
    async handle({ ctx, params, body }) {
      await renamePasskey({ ctx, input: { id: params.passkey, name: body.name } });
      return answer(204);
    },
  }),

  route({
    method: 'post',
    path: '/account/passkeys/{passkey}/remove',
    name: 'removePasskey',
    tag: 'Account',
    summary: 'Remove a passkey',
    access: 'bearer',
    params: passkeyId,
    body: Confirmation,
    responses: { 204: { description: 'Removed.' } },
    errors: ['account.not-found', 'account.confirmation-needed', 'request.rate-limited'],
    async handle({ ctx, params, body }) {
      await removePasskey({ ctx, input: { id: params.passkey, password: body.password } });
      return answer(204);
    },
  }),
];
