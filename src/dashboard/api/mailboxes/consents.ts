import { send } from '../session.js';
import type { ConnectedMailbox, ConsentRequest, ConsentStart, MailboxProviders } from '../types.js';

const json = (body: unknown): RequestInit => ({
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify(body),
});

export type ProviderId = MailboxProviders['providers'][number]['id'];

export const mailboxProviders = async (): Promise<MailboxProviders> =>
  (await (await send('/mailbox-providers')).json()) as MailboxProviders;

/** Leaves the dashboard for the provider, which sends the browser back to /connect/callback. */
export async function goToProvider(fields: Partial<ConsentRequest> & { readonly provider: ProviderId }): Promise<void> {
  const { url } = (await (await send('/mailbox-consents', json(fields))).json()) as ConsentStart;
  location.assign(url);
}

export const redeemConsent = async (state: string, code: string | null): Promise<ConnectedMailbox> =>
  (await (await send('/mailbox-consents/redeem', json({ state, code }))).json()) as ConnectedMailbox;
