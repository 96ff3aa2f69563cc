import { ConnectorFault } from '../connector.js';
import type { PushCapability } from '../connector.js';
import type { GmailClient } from './client.js';

const DAY_MS = 86_400_000;

/**
 * Gmail tells a Pub/Sub topic that something changed (developers.google.com/workspace/gmail/api/guides/push). A watch ends after at
 * most seven days; it is renewed daily, as Google recommends. Notifications may get lost: polling goes on.
 */
export function createPush(client: GmailClient, topic: string, now: () => Date): PushCapability {
  return {
    kind: 'subscription',
    async start(_onChange, signal) {
      const { expiration } = await client.call('watch', signal, (users, options) =>
        users.watch({ userId: 'me', requestBody: { topicName: topic } }, options),
      );
      const ends = Number(expiration ?? Number.NaN);
      if (!Number.isFinite(ends)) throw new ConnectorFault('unavailable', 'Gmail did not say how long it will notify.');
      return { renewInMs: Math.min(DAY_MS, (ends - now().getTime()) / 2), state: null };
    },
  };
}
