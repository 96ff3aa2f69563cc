import type { Credentials } from '../../crypto/credentials.js';
import type { Store } from '../../store/store.js';
import { SlidingWindow } from '../sliding-window.js';
import { createMailboxEvents } from './mailbox-events.js';
import type { MailboxEvents } from './mailbox-events.js';
import { createOpenConnectors } from './open-connectors.js';
import type { OpenConnectors } from './open-connectors.js';
import type { Providers } from './providers.js';

const MOST_ATTEMPTS = 20;
const WITHIN_MS = 10 * 60_000;

/** What the services about mailboxes share. */
export interface Mailboxes {
  readonly credentials: Credentials;
  readonly connectors: OpenConnectors;
  readonly events: MailboxEvents;
  /** Logins that a member tried at servers of their choice: postern must not guess passwords for anybody. */
  readonly attempts: SlidingWindow;
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
    ...{ credentials: deps.credentials, connectors, events, attempts: new SlidingWindow(MOST_ATTEMPTS, WITHIN_MS) },
    async close() {
      await Promise.all([connectors.close(), events.close()]);
    },
  };
}
