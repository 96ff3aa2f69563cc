import express from 'express';
import type { Request, RequestHandler, Response } from 'express';
import { z } from 'zod';
import { PosternError } from '../../../errors.js';
import { beginOrganisationSignIn } from '../../../services/single-sign-on/begin-sign-in.js';
import {
  finishHandover,
  finishWithOidc,
  getSamlMetadata,
  receiveSamlResponse,
} from '../../../services/single-sign-on/finish-sign-in.js';
import { entered, led } from '../../led.js';
import type { RefreshCookie } from '../../refresh-cookie.js';
import { answer, route } from '../../route.js';
import type { Route } from '../../route.js';
import { ProviderAnswer, Redirection } from '../../schemas/accounts/security.js';
import { Handover, OrganisationSignIn, SamlPost } from '../../schemas/organisations/single-sign-on.js';
import type { TripCookie } from '../../trip-cookie.js';

const params = z.object({ provider: z.uuid() });
const seeOther = { 303: { description: 'Back to the dashboard.' } };
const FORM_LIMIT = 300_000;

/** Signing in with the identity provider that an organisation brings along. */
export function organisationSignInRoutes(cookie: RefreshCookie, trip: TripCookie): readonly Route[] {
  return [
    route({
      method: 'post',
      path: '/auth/organisation/start',
      name: 'beginOrganisationSignIn',
      tag: 'Account',
      summary: "Begin to sign in with one's organisation",
      description: 'The answer depends on the domain of the address alone, never on whether it has an account.',
      access: 'anyone',
      body: OrganisationSignIn,
      responses: { 200: { description: 'Where to lead the browser.', schema: Redirection } },
      errors: ['auth.no-organisation', 'auth.provider-unavailable', 'request.rate-limited'],
      async handle({ ctx, body, response }) {
        const input = { email: body.email, returnTo: body.return_to };
        const { location, browser } = await beginOrganisationSignIn({ ctx, input });
        trip.set(response, browser);
        return answer(200, { location });
      },
    }),

    route({
      method: 'get',
      path: '/auth/organisation/{provider}/callback',
      name: 'finishOrganisationSignIn',
      tag: 'Account',
      summary: "Where an organisation's OpenID Connect provider sends the browser back to",
      access: 'anyone',
      params,
      query: ProviderAnswer,
      responses: seeOther,
      async handle({ ctx, params: { provider }, query, raw, response }) {
        return await led(async () => {
          const browser = trip.read(raw);
          trip.clear(response);
          const input = { provider, state: query.state, browser, answer: raw.originalUrl };
          return entered(cookie, response, await finishWithOidc({ ctx, input }));
        });
      },
    }),

    route({
      method: 'post',
      path: '/auth/organisation/{provider}/acs',
      name: 'receiveSamlResponse',
      tag: 'Account',
      summary: "Where an organisation's SAML provider has the browser post its response",
      description:
        'SAML 2.0, HTTP-POST binding. Only answers to requests that began here are taken. The page of another site posts this, without cookies of this one: the browser is led on to an address that sees them.',
      access: 'anyone',
      params,
      streamed: { type: 'application/x-www-form-urlencoded', schema: SamlPost },
      responses: { 303: { description: 'On to `/auth/organisation/arrive`, or back to the dashboard.' } },
      async handle({ ctx, params: { provider }, raw, response }) {
        return await led(async () => {
          const form = SamlPost.safeParse(await readForm(raw, response));
          if (!form.success) throw new PosternError('auth.provider-refused', 'This is no response.');
          const { SAMLResponse, RelayState } = form.data;
          const input = { provider, relayState: RelayState, response: SAMLResponse };
          const { handover } = await receiveSamlResponse({ ctx, input });
          return `/api/v1/auth/organisation/arrive?${new URLSearchParams({ handover }).toString()}`;
        });
      },
    }),

    route({
      method: 'get',
      path: '/auth/organisation/arrive',
      name: 'finishSamlSignIn',
      tag: 'Account',
      summary: 'Where a SAML sign-in ends, in the browser that began it',
      access: 'anyone',
      query: Handover,
      responses: seeOther,
      async handle({ ctx, query, raw, response }) {
        return await led(async () => {
          const browser = trip.read(raw);
          trip.clear(response);
          const input = { handover: query.handover, browser };
          return entered(cookie, response, await finishHandover({ ctx, input }));
        });
      },
    }),

    route({
      method: 'get',
      path: '/auth/organisation/{provider}/metadata',
      name: 'getSamlMetadata',
      tag: 'Account',
      summary: 'What a SAML provider is told of postern',
      access: 'anyone',
      params,
      responses: {
        200: { description: 'SAML 2.0 metadata.', schema: z.string(), type: 'application/samlmetadata+xml' },
      },
      errors: ['organisation.provider-not-found', 'request.rate-limited'],
      async handle({ ctx, params: { provider }, response }) {
        const text = await getSamlMetadata({ ctx, input: { provider } });
        response.status(200).type('application/samlmetadata+xml').send(text);
        return null;
      },
    }),
  ];
}

const parseForm: RequestHandler = express.urlencoded({ extended: false, limit: FORM_LIMIT, parameterLimit: 10 });

async function readForm(request: Request, response: Response): Promise<unknown> {
  await new Promise<void>((resolve, reject) => {
    parseForm(request, response, (error?: unknown) => {
      if (error === undefined || error === null) resolve();
      else reject(new PosternError('auth.provider-refused', 'This is no form that can be read.', { cause: error }));
    });
  });
  return request.body;
}
