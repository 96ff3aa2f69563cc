import { ConnectorFault } from '../../connectors/connector.js';
import { createImapConnector } from '../../connectors/imap/imap.js';
import type { ImapAccount, ImapSettings } from '../../connectors/imap/account.js';
import { Granted } from './consent/granted.js';
import type { ConnectorFactory } from './providers.js';

/** Mailboxes over IMAP, by a password or, where the operator has set it up, by a consent. What is stored was checked when it was entered. */
export function imapProvider(settings: ImapSettings, byConsent?: ConnectorFactory): ConnectorFactory {
  return (account) => {
    if (!Granted.safeParse(account.secret).success) {
      const secret = account.secret as { readonly password: string };
      return createImapConnector(account.settings as ImapAccount, secret, settings);
    }
    if (byConsent !== undefined) return byConsent(account);
    throw new ConnectorFault(
      'unavailable',
      'Whoever runs postern has taken back how one signs in to this mail server.',
    );
  };
}
