import { useState } from 'preact/hooks';
import { goToProvider, type ProviderId } from '../api/mailboxes/consents.js';
import { asApiError } from '../api/problem.js';
import type { MailboxDetail } from '../api/types.js';
import { PROVIDER_NAMES } from './mailbox-words.js';

/** The permission at the provider has ended: its owner gives it again there. */
export function ReconnectByConsent(props: { readonly mailbox: MailboxDetail; readonly provider: ProviderId }) {
  const { mailbox, provider } = props;
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const name = provider === 'imap' ? 'your organisation' : PROVIDER_NAMES[provider];
  const go = async (): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      await goToProvider({ provider, mailbox_id: mailbox.id });
    } catch (thrown) {
      setBusy(false);
      setError(asApiError(thrown).message);
    }
  };
  return (
    <div class="sheet reconnect">
      <h2>Reconnect</h2>
      <p>
        Sign in at {name} as {mailbox.address} and allow postern again. It goes on where it stopped.
      </p>
      {error === null ? null : (
        <p class="form-error" role="alert">
          {error}
        </p>
      )}
      <button type="button" class="button primary" disabled={busy} onClick={() => void go()}>
        {busy ? `Going to ${name}…` : `Reconnect at ${name}`}
      </button>
    </div>
  );
}
