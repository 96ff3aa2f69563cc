import type { Connector } from '../connector.js';
import type { ImapAccount, ImapSecret, ImapSettings } from './account.js';
import { createAnnotate } from './annotate.js';
import { readChanges } from './changes.js';
import { createConnection, unlessAborted } from './connection.js';
import { createFetcher } from './fetch.js';
import { createHold } from './hold.js';
import { createIdle } from './idle.js';
import { listMessages } from './list.js';

/** What a password opens ends with the password alone. */
export const PASSWORD_STANDS =
  'The mail server still accepts the password that you gave postern. Change it there, or delete the app password, if it was made for postern only.';
const CONSENT_STANDS =
  'The permission that you gave postern may still stand where you signed in. Remove it there among the programs you have allowed.';

/** A mailbox of any IMAP server (RFC 3501, RFC 9051). Connects when it is first asked something. */
export function createImapConnector(account: ImapAccount, secret: ImapSecret, settings: ImapSettings): Connector {
  const connection = createConnection(account, secret, settings);
  const fetchOne = createFetcher(connection, settings.maxBytes);
  return {
    provider: 'imap',
    changes: (cursor, signal) => readChanges(connection, cursor, signal),
    list: (query, page, signal) => listMessages(connection, query, page, signal),
    fetch: (ref, signal) => unlessAborted(signal, () => fetchOne(ref)),
    async disconnect() {
      await connection.close();
      if ('tokens' in secret) {
        const answer = await secret.revoke?.().catch(() => null);
        return {
          revoked: answer === true,
          stillHeld: answer === true ? [] : [CONSENT_STANDS],
          ...(answer === null ? { again: true } : {}),
        };
      }
      return { revoked: false, stillHeld: [PASSWORD_STANDS] };
    },
    close: () => connection.close(),
    push: createIdle(account, secret, settings),
    hold: createHold(connection),
    annotate: createAnnotate(connection),
  };
}
