import { completeConsent } from '../../../services/mailboxes/consent/complete-consent.js';
import { listProviders } from '../../../services/mailboxes/consent/list-providers.js';
import { startConsent } from '../../../services/mailboxes/consent/start-consent.js';
import { answer, route } from '../../route.js';
import type { Route } from '../../route.js';
import { ConnectedMailbox } from '../../schemas/mailboxes/mailbox.js';
import {
  ConsentAnswer,
  ConsentRequest,
  ConsentStart,
  MailboxProviders,
} from '../../schemas/mailboxes/mailbox-consent.js';

/** Connecting a mailbox by allowing it at its provider (OAuth 2.0 with PKCE). */
export const MAILBOX_CONSENT_ROUTES: readonly Route[] = [
  route({
    method: 'get',
    path: '/mailbox-providers',
    name: 'listMailboxProviders',
    tag: 'Mailboxes',
    summary: 'Where a mailbox can be connected without a password',
    access: 'bearer',
    scope: 'mailbox:read',
    responses: {
      200: { description: 'Gmail and Microsoft 365, as far as they are set up.', schema: MailboxProviders },
    },
    handle({ ctx }) {
      return Promise.resolve(answer(200, listProviders({ ctx })));
    },
  }),

  route({
    method: 'post',
    path: '/mailbox-consents',
    name: 'startMailboxConsent',
    tag: 'Mailboxes',
    summary: 'Begin to connect Gmail or Microsoft 365',
    description:
      'Send the browser to `url`. The provider sends it back to the redirect URI with `state` and `code`, which `redeem` takes: within ten ' +
      'minutes, once, and in the same session.',
    access: 'bearer',
    body: ConsentRequest,
    responses: { 200: { description: 'Where to go.', schema: ConsentStart } },
    errors: ['mailbox.provider-not-configured', 'mailbox.not-found'],
    async handle({ ctx, body }) {
      const input = {
        provider: body.provider,
        access: body.access ?? null,
        mailboxId: body.mailbox_id ?? null,
        backfillDays: body.backfill_days,
      };
      const { url, expiresIn } = await startConsent({ ctx, input });
      return answer(200, { url, expires_in: expiresIn });
    },
  }),

  route({
    method: 'post',
    path: '/mailbox-consents/redeem',
    name: 'redeemMailboxConsent',
    tag: 'Mailboxes',
    summary: 'Connect the mailbox that the provider has opened',
    access: 'bearer',
    body: ConsentAnswer,
    responses: { 200: { description: 'Connected, or connected again.', schema: ConnectedMailbox } },
    errors: [
      'mailbox.of-organisation',
      'mailbox.consent-expired',
      'mailbox.consent-refused',
      'mailbox.other-account',
      'mailbox.exists',
      'mailbox.unreachable',
      'mailbox.login-refused',
      'mailbox.provider-not-configured',
    ],
    async handle({ ctx, body }) {
      return answer(200, await completeConsent({ ctx, input: body }));
    },
  }),
];
