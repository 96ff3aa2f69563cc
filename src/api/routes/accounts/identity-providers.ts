import { z } from 'zod';
import { beginIdentityLink, beginProviderSignIn } from '../../../services/identity-providers/begin-trip.js';
import { finishProviderTrip } from '../../../services/identity-providers/finish-trip.js';
import { listIdentities, unlinkIdentity } from '../../../services/identity-providers/own-identities.js';
import type { RefreshCookie } from '../../refresh-cookie.js';
import { entered, led } from '../../led.js';
import { answer, route } from '../../route.js';
import type { Route } from '../../route.js';
import {
  Confirmation,
  IdentityList,
  ProviderAnswer,
  ProviderStart,
  Redirection,
} from '../../schemas/accounts/security.js';
import type { TripCookie } from '../../trip-cookie.js';

const params = z.object({ provider: z.string().regex(/^[a-z]{1,20}$/) });
const seeOther = { 303: { description: 'To the provider, or back to the dashboard.' } };

/** Signing in with Google, Microsoft or any OpenID Connect provider. The browser is led; what goes wrong is shown by the dashboard. */
export function identityProviderRoutes(cookie: RefreshCookie, trip: TripCookie): readonly Route[] {
  return [
    route({
      method: 'get',
      path: '/auth/oidc/{provider}/start',
      name: 'beginProviderSignIn',
      tag: 'Account',
      summary: 'Lead the browser to an identity provider',
      access: 'anyone',
      params,
      query: ProviderStart,
      responses: seeOther,
      errors: ['account.not-found', 'auth.provider-unavailable', 'request.rate-limited'],
      async handle({ ctx, params: { provider }, query, response }) {
        return await led(async () => {
          const departure = await beginProviderSignIn({ ctx, input: { provider, returnTo: query.return_to } });
          trip.set(response, departure.browser);
          return departure.location;
        });
      },
    }),

    route({
      method: 'get',
      path: '/auth/oidc/{provider}/callback',
      name: 'finishProviderSignIn',
      tag: 'Account',
      summary: 'Where the identity provider sends the browser back to',
      access: 'anyone',
      params,
      query: ProviderAnswer,
      responses: seeOther,
      async handle({ ctx, params: { provider }, query, raw, response }) {
        return await led(async () => {
          const browser = trip.read(raw);
          trip.clear(response);
          const input = { provider, state: query.state, browser, answer: raw.originalUrl };
          const arrival = await finishProviderTrip({ ctx, input });
          if ('linked' in arrival) return arrival.returnTo;
          return entered(cookie, response, arrival);
        });
      },
    }),

    route({
      method: 'get',
      path: '/account/identities',
      name: 'listIdentities',
      tag: 'Account',
      summary: 'Identity providers, and which of them your account is linked to',
      access: 'bearer',
      responses: { 200: { description: 'Those the operator configured.', schema: IdentityList } },
      async handle({ ctx }) {
        const identities = (await listIdentities({ ctx })).map(({ provider, name, linkedAt }) => ({
          ...{ provider, name, linked_at: linkedAt?.toISOString() ?? null },
        }));
        return answer(200, { identities });
      },
    }),

    route({
      method: 'post',
      path: '/auth/oidc/{provider}/link',
      name: 'beginIdentityLink',
      tag: 'Account',
      summary: 'Begin to link your account to an identity provider',
      access: 'bearer',
      params,
      responses: { 200: { description: 'Where to lead the browser.', schema: Redirection } },
      errors: ['account.not-found', 'auth.provider-unavailable', 'request.rate-limited'],
      async handle({ ctx, params: { provider }, response }) {
        const { location, browser } = await beginIdentityLink({ ctx, input: { provider } });
        trip.set(response, browser);
        return answer(200, { location });
      },
    }),

    route({
      method: 'post',
      path: '/account/identities/{provider}/unlink',
      name: 'unlinkIdentity',
      tag: 'Account',
      summary: 'Unlink your account from an identity provider',
      access: 'bearer',
      params,
      body: Confirmation,
      responses: { 204: { description: 'Unlinked.' } },
      errors: ['account.not-found', 'account.confirmation-needed', 'request.rate-limited'],
      async handle({ ctx, params: { provider }, body }) {
        await unlinkIdentity({ ctx, input: { provider, password: body.password } });
        return answer(204);
      },
    }),
  ];
}
