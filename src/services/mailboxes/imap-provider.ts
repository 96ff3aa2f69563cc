import { createImapConnector } from '../../connectors/imap/imap.js';
import type { ImapAccount, ImapSecret, ImapSettings } from '../../connectors/imap/account.js';
import type { ConnectorFactory } from './providers.js';

/** Mailboxes over IMAP. What is stored was checked when it was entered. */
export function imapProvider(settings: ImapSettings): ConnectorFactory {
  return (account) => createImapConnector(account.settings as ImapAccount, account.secret as ImapSecret, settings);
}
