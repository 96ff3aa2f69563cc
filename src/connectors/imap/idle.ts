import { setTimeout as sleep } from 'node:timers/promises';
import { ConnectorFault } from '../connector.js';
import type { PushCapability } from '../connector.js';
import type { ImapAccount, ImapSecret, ImapSettings } from './account.js';
import { openClient } from './connection.js';
import { toFault } from './fault.js';

/** RFC 2177: servers may close what idles for half an hour; routers forget connections sooner. */
const RENEW_MS = 5 * 60_000;
/** A server that ends the command as soon as it begins is not asked more often than this. What is new meanwhile comes with the next. */
const PAUSE_MS = 500;

/** News of the inbox over a connection of its own (RFC 2177). Other folders are found by polling. */
export function createIdle(account: ImapAccount, secret: ImapSecret, settings: ImapSettings): PushCapability {
  return {
    kind: 'connection',
    async start(onChange, signal) {
      const client = await openClient(account, secret, settings, { silenceMs: RENEW_MS * 2, renewIdleMs: RENEW_MS });
      try {
        await client.mailboxOpen('INBOX', { readOnly: true });
      } catch (error) {
        client.close();
        throw toFault(error);
      }
      const close = (): void => client.close();
      signal.addEventListener('abort', close, { once: true });
      // Only growth is news; an expunge lowers the count.
      client.on('exists', ({ count, prevCount }) => {
        if (count > prevCount) onChange();
      });
      const idling = async (): Promise<void> => {
        try {
          // False where the server refused, or the connection is going: to ask again would get the same answer at once, without end.
          while (!signal.aborted && client.usable && (await client.idle()) !== false) await sleep(PAUSE_MS);
        } catch (error) {
          if (!signal.aborted) throw toFault(error);
        } finally {
          signal.removeEventListener('abort', close);
          client.close();
        }
        if (!signal.aborted) throw new ConnectorFault('unavailable', 'The server closed the connection.');
      };
      const ended = idling();
      // Whoever looks at it later still gets the fault; until then it is nobody's to crash over.
      ended.catch(() => undefined);
      return { renewInMs: null, state: null, ended };
    },
  };
}
