import type { Credentials } from '../../crypto/credentials.js';
import type { Store } from '../../store/store.js';
import { createMailboxEvents } from './mailbox-events.js';
import type { MailboxEvents } from './mailbox-events.js';
import { createOpenConnectors } from './open-connectors.js';
import type { OpenConnectors } from './open-connectors.js';
import type { Providers } from './providers.js';

/** What the services about mailboxes share. */
export interface Mailboxes {
  readonly credentials: Credentials;
  readonly connectors: OpenConnectors;
  readonly events: MailboxEvents;
  close(): Promise<void>;
}

export function createMailboxes(deps: {
  readonly store: Store;
  readonly credentials: Credentials;
  readonly providers: Providers;
}): Mailboxes {
  const connectors = createOpenConnectors(deps);
  const events = createMailboxEvents(deps.store);
  return {
    ...{ credentials: deps.credentials, connectors, events },
    async close() {
      await Promise.all([connectors.close(), events.close()]);
    },
  };
}
