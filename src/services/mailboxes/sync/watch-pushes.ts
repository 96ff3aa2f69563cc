import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ConnectorFault } from '../../../connectors/connector.js';
import type { TenantId } from '../../../store/store.js';
import type { Parts } from '../../context.js';
import { faultDelay } from './back-off.js';
import { SYNC_ACTOR } from './actor.js';

const LOOK_MS = 10_000;
/** Connections one process holds open. */
const MOST = 500;

export interface PushWatch {
  /** Lets go of every connection, so that another process can take over. */
  stop(): Promise<void>;
}

interface Watched {
  readonly connectedAt: number;
  readonly stop: AbortController;
  readonly ended: Promise<void>;
}

/**
 * Holds the connections over which providers tell of news (IMAP IDLE), shared between the processes that do this, and queues a
 * mailbox when it has some. What is missed while a connection is down is found by the look after it stands again.
 */
export function watchPushes(parts: Parts, options: { readonly lookMs?: number } = {}): PushWatch {
  const { store, mailboxes, log } = parts;
  const holder = randomUUID();
  const watched = new Map<string, Watched>();
  const stopping = new AbortController();

  const queue = (tenantId: TenantId, id: string): Promise<void> =>
    store.withTenant(tenantId, SYNC_ACTOR, (db) => db.enqueue('sync-mailbox', { mailbox_id: id }, { key: id }));

  async function watch(tenantId: TenantId, id: string, signal: AbortSignal): Promise<void> {
    for (let failures = 0; !signal.aborted; failures += 1) {
      try {
        const mailbox = await store.withTenant(tenantId, SYNC_ACTOR, (db) => db.mailboxes.get(id));
        if (mailbox?.status !== 'connected') return;
        await mailboxes.connectors.use(tenantId, mailbox, async ({ push }) => {
          if (push?.kind !== 'connection') return;
          const tell = (): void => {
            queue(tenantId, id).catch((error: unknown) =>
              log.debug({ err: error, mailbox: id }, 'news was not queued'),
            );
          };
          const { ended } = await push.start(tell, signal);
          failures = 0;
          tell();
          await ended;
        });
      } catch (error) {
        // The sync finds out the same and tells the owner.
        if (error instanceof ConnectorFault && error.kind === 'auth-revoked')
          await queue(tenantId, id).catch(() => undefined);
        log.debug({ err: error, mailbox: id }, 'a push connection ended; it will be opened again');
      }
      await sleep(faultDelay(failures, null) * 1000, undefined, { signal }).catch(() => undefined);
    }
  }

  async function look(): Promise<void> {
    const claimed = await store.withSystem('mailboxes', (db) => db.mailboxes.claimPushes(holder, ['imap'], MOST));
    const wanted = new Map(claimed.map((entry) => [entry.mailboxId, entry]));
    for (const [id, { connectedAt, stop }] of watched) {
      if (wanted.get(id)?.connectedAt.getTime() === connectedAt) continue;
      watched.delete(id);
      stop.abort();
    }
    for (const { tenantId, mailboxId, connectedAt } of claimed) {
      if (watched.has(mailboxId)) continue;
      const stop = new AbortController();
      watched.set(mailboxId, {
        connectedAt: connectedAt.getTime(),
        stop,
        ended: watch(tenantId, mailboxId, stop.signal),
      });
    }
  }

  const looking = (async () => {
    while (!stopping.signal.aborted) {
      await look().catch((error: unknown) => log.debug({ err: error }, 'push connections will be looked after later'));
      await sleep(options.lookMs ?? LOOK_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  })();

  return {
    async stop() {
      stopping.abort();
      await looking;
      for (const { stop } of watched.values()) stop.abort();
      await Promise.all([...watched.values()].map(({ ended }) => ended));
      await store.withSystem('mailboxes', (db) => db.mailboxes.releasePushes(holder)).catch(() => undefined);
    },
  };
}
