import { useState } from 'preact/hooks';
import { closeDirectory } from '../api/mailboxes/directories.js';
import { asApiError } from '../api/problem.js';
import type { DirectoryAccess } from '../api/types.js';
import * as format from '../parts/format.js';
import { Link } from '../parts/link.js';
import { Notice } from '../parts/notice.js';
import { say } from '../state/toasts.js';
import { providerName } from './providers.js';

interface AccessCardProps {
  readonly access: DirectoryAccess;
  readonly choose: () => void;
  readonly renew: () => void;
  readonly closed: () => void;
}

/** One provider that is open, and what can be done about it. */
export function AccessCard({ access, choose, renew, closed }: AccessCardProps) {
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const close = async (): Promise<void> => {
    setBusy(true);
    try {
      const { disconnected, still_held: held } = await closeDirectory(access.id);
      say([`${format.count(disconnected, 'mailbox', 'mailboxes')} disconnected.`, ...held.slice(0, 1)].join(' '));
    } catch (thrown) {
      say(asApiError(thrown).message);
    } finally {
      setBusy(false);
      closed();
    }
  };
  return (
    <div class="sheet mailbox-card access-card">
      <h2>{providerName(access.provider)}</h2>
      <p class="mailbox-says">{saying(access)}</p>
      {access.attention === null ? null : (
        <Notice title="The directory cannot be read">
          <p>{access.attention}</p>
        </Notice>
      )}
      {access.in_need === 0 ? null : (
        <p>
          {format.count(access.in_need, 'mailbox', 'mailboxes')} the provider does not open.{' '}
          <Link to="/mailboxes">See which</Link>
        </p>
      )}
      <p class="mailbox-facts">
        {access.opened_by}
        {access.read_at === null ? '' : ` · directory read ${format.recently(access.read_at)}`}
      </p>
      {asking ? (
        <div class="mailbox-confirm" role="group" aria-label="Disconnect everything?">
          <p>
            postern destroys the key and disconnects {format.count(access.connected, 'mailbox', 'mailboxes')} at once.
            Verdicts stay until they expire.
          </p>
          <div class="mailbox-actions">
            <button type="button" class="button" disabled={busy} onClick={() => setAsking(false)}>
              Keep it
            </button>
            <button type="button" class="button primary" disabled={busy} onClick={() => void close()}>
              Disconnect everything
            </button>
          </div>
        </div>
      ) : (
        <div class="mailbox-actions">
          <button type="button" class="button primary" onClick={choose}>
            {access.mode === 'none' ? 'Choose mailboxes' : 'Change the choice'}
          </button>
          <button type="button" class="button" onClick={renew}>
            New key
          </button>
          <button type="button" class="button quiet" onClick={() => setAsking(true)}>
            Disconnect everything…
          </button>
        </div>
      )}
    </div>
  );
}

function saying({ mode, group, connected, people }: DirectoryAccess): string {
  if (mode === 'none') return 'Open; nobody is connected until you choose whose mailboxes.';
  const whose = { all: 'everybody', group: `the group ${group?.name ?? ''}`, some: 'the people you named' }[mode];
  const count = format.count(connected, 'mailbox is', 'mailboxes are');
  return `${count} connected, of ${whose}${people === null ? '; the directory is being read' : ''}.`;
}
