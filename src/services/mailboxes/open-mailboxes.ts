import { createVault } from '../../crypto/vault.js';
import { imapSettingsOf, openConsents } from './consent/open-consents.js';
import type { Consents, ConsentSettings } from './consent/open-consents.js';
import { imapProvider } from './imap-provider.js';
import { createMailboxes } from './mailboxes.js';
import type { Mailboxes } from './mailboxes.js';

/** Everything connected mailboxes need; built once, and closed in reverse. */
export function openMailboxes(
  settings: ConsentSettings,
  deps: Parameters<typeof openConsents>[1] & Pick<Parameters<typeof createMailboxes>[0], 'store' | 'attempts'>,
): { readonly consents: Consents; readonly mailboxes: Mailboxes } {
  const consents = openConsents(settings, deps);
  const imap = imapProvider(imapSettingsOf(settings), consents.providers.imap?.connect);
  const mailboxes = createMailboxes({
    ...{ store: deps.store, attempts: deps.attempts, credentials: createVault(deps.ring, 'credentials') },
    providers: { ...consents.factories, imap },
  });
  return { consents, mailboxes };
}
