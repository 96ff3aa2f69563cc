import { setTimeout as sleep } from 'node:timers/promises';
import type { TestDatabase } from '../../helpers/database.js';
import type { Peer } from '../../peers/peer.js';
import { PUSH_ACCOUNT, startProviders } from '../../peers/providers.js';
import type { TestProviders } from '../../peers/providers.js';
import type { Api, FaultTarget } from './target.js';

/** Gmail and Microsoft 365, each at its strict stand-in. */
export async function consentTarget(provider: 'gmail' | 'microsoft-graph'): Promise<FaultTarget> {
  const providers = await startProviders();
  const { google, microsoft } = providers;
  microsoft.singleUse = false;
  const peer: Peer & { expireAccess(): void } = provider === 'gmail' ? google : microsoft;
  return {
    env(publicUrl) {
      providers.register(publicUrl);
      return providers.env;
    },
    deliver(raw) {
      if (provider === 'gmail') google.mailbox.add(Buffer.from(raw));
      else microsoft.mailbox.add(Buffer.from(raw));
      // Nobody looks at them, and there are very many.
      peer.requests.splice(0);
    },
    connect: (api) => connect(provider, api),
    tell: (publicUrl, database) =>
      provider === 'gmail' ? tellGmail(providers, publicUrl) : tellMicrosoft(providers, database),
    async outage(nth) {
      peer.goAway();
      await sleep(500);
      peer.comeBack();
      peer.expireAccess();
      peer.fail(/messages|history|delta/, { status: 429, json: {}, headers: { 'retry-after': '1' } }, 3);
      peer.fail(/messages|history|delta/, { status: 500, json: {} }, 3);
      peer.cut(/./, 3);
      // Once what it remembers of changes is lost too.
      if (nth !== 0) return;
      google.mailbox.expireHistory();
      microsoft.mailbox.generation += 1;
    },
    close: () => providers.close(),
  };
}

async function connect(provider: string, api: Api): Promise<boolean> {
  const begun = await api('/mailbox-consents', { provider, backfill_days: null });
  if (begun.status !== 200) return false;
  const { url } = begun.body as { url: string };
  const sent = await fetch(url, { redirect: 'manual' });
  const back = new URL(sent.headers.get('location') ?? '').searchParams;
  const { status } = await api('/mailbox-consents/redeem', { state: back.get('state'), code: back.get('code') });
  return status === 200;
}

/** developers.google.com/workspace/gmail/api/guides/push; what the jumping clock takes for expired is lost. */
async function tellGmail({ google }: TestProviders, publicUrl: string): Promise<void> {
  const now = Math.floor(Date.now() / 1000);
  const token = await google.pushToken({
    ...{ iss: 'https://accounts.google.com', aud: `${publicUrl}/webhooks/gmail`, sub: '1' },
    ...{ email: PUSH_ACCOUNT, email_verified: true, iat: now, exp: now + 3600 },
  });
  const news = { emailAddress: google.mailbox.address, historyId: String(google.mailbox.current) };
  const data = Buffer.from(JSON.stringify(news)).toString('base64');
  const body = { message: { data, messageId: String(now) }, subscription: 'projects/acme/subscriptions/postern' };
  await fetch(`${publicUrl}/webhooks/gmail`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
  }).catch(() => undefined);
}

async function tellMicrosoft({ microsoft }: TestProviders, { admin }: TestDatabase): Promise<void> {
  for (const subscription of microsoft.subscriptions.values())
    await microsoft.notify(subscription).catch(() => undefined);
  // The subscription is made by a job that runs every minute, and six hours after it was refused, which a clock that is ahead brings
  // about: more than Microsoft's seven days are asked for. The test sits out neither.
  if (microsoft.subscriptions.size > 0) return;
  await admin`update postern.mailboxes set push_renew_at = null`;
  await admin`select graphile_worker.add_job('renew-pushes', job_key => 'test:renew-pushes')`;
}
