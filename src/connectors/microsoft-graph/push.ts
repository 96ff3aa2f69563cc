import { z } from 'zod';
import { ConnectorFault } from '../connector.js';
import type { PushCapability } from '../connector.js';
import { Page, read, Subscription } from './answers.js';
import type { GraphClient } from './client.js';

export interface GraphPush {
  /** Where Microsoft sends notifications, and events of the subscription itself. */
  readonly notificationUrl: string;
  /** Comes back with each notification: proves that it is about this mailbox. At most 128 characters. */
  readonly clientState: string;
}

const State = z.object({ id: z.string() });
/** "Under seven days" for messages (learn.microsoft.com/graph/api/resources/subscription#subscription-lifetime); the answer counts. */
const ASKED_MS = 6 * 86_400_000 + 20 * 3_600_000;

/** Subscriptions to new messages (learn.microsoft.com/graph/change-notifications-delivery-webhooks). */
export function createPush(client: GraphClient, root: string, push: GraphPush, now: () => Date): PushCapability {
  const expiry = () => new Date(now().getTime() + ASKED_MS).toISOString();

  /** Null where it is no longer there. Renewing also answers Microsoft's wish to reauthorise. */
  async function renew(id: string, signal: AbortSignal): Promise<Subscription | null> {
    try {
      const path = `/subscriptions/${encodeURIComponent(id)}`;
      const body = { expirationDateTime: expiry() };
      return read(Subscription, await client.json({ method: 'patch', path, body }, signal));
    } catch (error) {
      if (error instanceof ConnectorFault && error.kind === 'not-found') return null;
      throw error;
    }
  }

  async function create(signal: AbortSignal): Promise<Subscription> {
    const body = {
      changeType: 'created',
      notificationUrl: push.notificationUrl,
      lifecycleNotificationUrl: push.notificationUrl,
      resource: resourceOf(root),
      expirationDateTime: expiry(),
      clientState: push.clientState,
      latestSupportedTlsVersion: 'v1_2',
    };
    return read(Subscription, await client.json({ method: 'post', path: '/subscriptions', body }, signal));
  }

  return {
    kind: 'subscription',
    async start(_onChange, signal, state) {
      const id = idOf(state ?? null);
      const standing = (id === null ? null : await renew(id, signal)) ?? (await create(signal));
      const left = Date.parse(standing.expirationDateTime) - now().getTime();
      return { renewInMs: left / 2, state: JSON.stringify({ id: standing.id }) };
    },
  };
}

function idOf(state: string | null): string | null {
  try {
    return State.parse(JSON.parse(state ?? '')).id;
  } catch {
    return null;
  }
}

/** Deletes every subscription of this mailbox that leads here; what was thrown, of those that are left. */
export async function endSubscriptions(
  client: GraphClient,
  root: string,
  notificationUrl: string,
  signal: AbortSignal,
): Promise<readonly unknown[]> {
  const resource = resourceOf(root).toLowerCase();
  const faults: unknown[] = [];
  const found: Subscription[] = [];
  const page = read(Page, await client.json({ path: '/subscriptions' }, signal));
  for (const entry of page.value) {
    const one = read(Subscription, entry);
    const ours = one.notificationUrl === notificationUrl;
    if (ours && one.resource.replace(/^\//, '').toLowerCase() === resource) found.push(one);
  }
  for (const { id } of found) {
    await client
      .json({ method: 'delete', path: `/subscriptions/${encodeURIComponent(id)}` }, signal)
      .catch((error: unknown) => {
        if (!(error instanceof ConnectorFault && error.kind === 'not-found')) faults.push(error);
      });
  }
  return faults;
}

/** What is a path in a request is plain text in a body: an address stands there with its @. */
const resourceOf = (root: string): string => `${decodeURIComponent(root.slice(1))}/messages`;
