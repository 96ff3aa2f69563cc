import type { Connector } from '../../connectors/connector.js';
import type { Vault } from '../../crypto/vault.js';
import { PosternError } from '../../errors.js';
import type { MailboxRow } from '../../store/interfaces/mailbox-rows.js';
import type { Store, TenantId } from '../../store/store.js';
import type { Providers } from './providers.js';

/** A connection that nobody has used for so long is given back. */
const IDLE_MS = 60_000;

export interface OpenConnectors {
  /** Lends the connector of a mailbox, made or still open from before. */
  use<T>(tenant: TenantId, mailbox: MailboxRow, work: (connector: Connector) => Promise<T>): Promise<T>;
  /** A connector that is not in the store yet, to try what somebody entered; closed afterwards. */
  attempt<T>(
    provider: MailboxRow['provider'],
    account: AttemptedAccount,
    work: (connector: Connector) => Promise<T>,
  ): Promise<T>;
  /** Forgets the connector of a mailbox: its credentials are no longer the ones. */
  drop(mailboxId: string): Promise<void>;
  close(): Promise<void>;
}

export interface AttemptedAccount {
  readonly address: string;
  readonly settings: unknown;
  readonly secret: unknown;
}

interface Held {
  readonly connector: Connector;
  /** Of the credentials it was opened with. */
  readonly connectedAt: number;
  users: number;
  timer: NodeJS.Timeout | null;
  dropped: boolean;
}

/** One connector a mailbox and process, kept while it is in use: signing in for each page would cost more than the page. */
export function createOpenConnectors(deps: {
  readonly store: Store;
  readonly credentials: Vault;
  readonly providers: Providers;
  readonly idleMs?: number;
}): OpenConnectors {
  const { store, credentials, providers, idleMs = IDLE_MS } = deps;
  const open = new Map<string, Held>();

  function make(tenant: TenantId, mailbox: MailboxRow): Connector {
    const factory = providers[mailbox.provider];
    if (mailbox.credentials === null || factory === undefined) throw notConnected();
    const owner = credentialsOwner(tenant, mailbox.id);
    const secret = credentials.open(owner, mailbox.credentials);
    return factory({
      address: mailbox.address,
      settings: mailbox.settings,
      secret,
      mailbox: { tenantId: tenant, mailboxId: mailbox.id },
      renewSecret: (renew) =>
        store.withTenant(tenant, { kind: 'worker', job: 'refresh-credentials' }, async (db) => {
          const sealed = await db.mailboxes.lockCredentials(mailbox.id);
          // Disconnected a moment ago: what is renewed now only serves to end it at the provider.
          if (sealed === null) return await renew(secret);
          const current = credentials.open(owner, sealed);
          const next = await renew(current);
          if (next !== current) await db.mailboxes.saveCredentials(mailbox.id, credentials.seal(owner, next));
          return next;
        }),
    });
  }

  async function drop(id: string): Promise<void> {
    const held = open.get(id);
    if (held === undefined) return;
    open.delete(id);
    held.dropped = true;
    if (held.timer !== null) clearTimeout(held.timer);
    if (held.users === 0) await held.connector.close?.();
  }

  async function giveBack(id: string, held: Held): Promise<void> {
    held.users -= 1;
    if (held.users > 0) return;
    if (held.dropped) await held.connector.close?.();
    else held.timer = setTimeout(() => void drop(id), idleMs).unref();
  }

  return {
    async use(tenant, mailbox, work) {
      const connectedAt = mailbox.connectedAt.getTime();
      let held = open.get(mailbox.id);
      if (held !== undefined && held.connectedAt !== connectedAt) {
        await drop(mailbox.id);
        held = undefined;
      }
      if (held === undefined) {
        held = { connector: make(tenant, mailbox), connectedAt, users: 0, timer: null, dropped: false };
        open.set(mailbox.id, held);
      }
      if (held.timer !== null) clearTimeout(held.timer);
      held.timer = null;
      held.users += 1;
      try {
        return await work(held.connector);
      } finally {
        await giveBack(mailbox.id, held);
      }
    },

    async attempt(provider, account, work) {
      const factory = providers[provider];
      if (factory === undefined) throw notConnected();
      const connector = factory({ ...account, mailbox: null, renewSecret: (renew) => renew(account.secret) });
      try {
        return await work(connector);
      } finally {
        await connector.close?.();
      }
    },

    drop,

    async close() {
      await Promise.all([...open.keys()].map(drop));
    },
  };
}

/** Whose sealed credentials are: those of one mailbox do not open for another, in whichever column they are put. */
export function credentialsOwner(tenant: TenantId, mailboxId: string): string {
  return `mailbox ${tenant} ${mailboxId}`;
}

function notConnected(): PosternError {
  return new PosternError('mailbox.not-connected', 'This mailbox is not connected.');
}
