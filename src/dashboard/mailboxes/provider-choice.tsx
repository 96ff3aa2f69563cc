import { useEffect, useId, useState } from 'preact/hooks';
import { goToProvider, mailboxProviders, type ProviderId } from '../api/mailboxes/consents.js';
import { asApiError } from '../api/problem.js';
import type { MailboxProviders } from '../api/types.js';
import { daysOf, PERIODS } from './periods.js';

const ABOUT: Readonly<Record<ProviderId, string>> = {
  gmail: 'Gmail and Google Workspace',
  'microsoft-graph': 'Outlook and Exchange Online',
  imap: 'You sign in at your organisation',
};

/** Where no password is told: people allow it at their provider. Shown above the way over IMAP, as soon as it is known. */
export function ProviderChoice() {
  const [known, setKnown] = useState<MailboxProviders['providers']>([]);
  const [busy, setBusy] = useState<ProviderId | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [period, setPeriod] = useState('30');
  const id = useId();
  useEffect(() => {
    // Without an answer there is still IMAP.
    mailboxProviders().then(
      ({ providers }) => setKnown(providers),
      () => undefined,
    );
  }, []);

  const connect = async (provider: ProviderId): Promise<void> => {
    setError(null);
    setBusy(provider);
    try {
      await goToProvider({ provider, backfill_days: daysOf(period) });
    } catch (thrown) {
      setBusy(null);
      setError(asApiError(thrown).message);
    }
  };

  const missing = known.filter(({ connectable }) => !connectable).map(({ name }) => name);
  return (
    <div class="provider-choice">
      {known.some(({ connectable }) => connectable) ? (
        <div class="provider-older">
          <label for={id}>Older messages to scan as well</label>
          <select id={id} value={period} onChange={({ currentTarget }) => setPeriod(currentTarget.value)}>
            {PERIODS.map(({ value, name }) => (
              <option key={value} value={value}>
                {name}
              </option>
            ))}
          </select>
        </div>
      ) : null}
      <div class="provider-buttons">
        {known.map(({ id, name, connectable }) => (
          <button
            key={id}
            type="button"
            class="provider-button"
            disabled={!connectable || busy !== null}
            onClick={() => void connect(id)}
          >
            <strong>{busy === id ? `Going to ${name}…` : `Connect ${name}`}</strong>
            <span>{ABOUT[id]}</span>
          </button>
        ))}
      </div>
      {error === null ? null : (
        <p class="form-error" role="alert">
          {error}
        </p>
      )}
      {known.length === 0 ? null : (
        <p class="connect-note">
          You allow it at your provider and come back here; postern never sees your password, and asks only to read.
          {missing.length === 0 ? '' : ` ${missing.join(' and ')}: whoever runs postern has not set this up yet.`}
        </p>
      )}
      <h2 class="provider-or">Any other mailbox, over IMAP</h2>
    </div>
  );
}
