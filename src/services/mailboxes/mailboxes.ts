import type { Vault } from '../../crypto/vault.js';
import type { Store } from '../../store/store.js';
import type { SharedWindow } from '../limits/shared-window.js';
import { createMailboxEvents } from './mailbox-events.js';
import type { MailboxEvents } from './mailbox-events.js';
import { createOpenConnectors } from './open-connectors.js';
import type { OpenConnectors } from './open-connectors.js';
import type { Providers } from './providers.js';

/** What the services about mailboxes share. */
export interface Mailboxes {
  readonly credentials: Vault;
  readonly connectors: OpenConnectors;
  readonly events: MailboxEvents;
  /** Logins that a member tried at servers of their choice: postern must not guess passwords for anybody. */
  readonly attempts: SharedWindow;
  close(): Promise<void>;
}

export function createMailboxes(deps: {
  readonly store: Store;
  readonly credentials: Vault;
  readonly providers: Providers;
  readonly attempts: SharedWindow;
}): Mailboxes {
  const connectors = createOpenConnectors(deps);
  const events = createMailboxEvents(deps.store);
  return {
    ...{ credentials: deps.credentials, connectors, events, attempts: deps.attempts },
    async close() {
      await Promise.all([connectors.close(), events.close()]);
    },
  };
}
