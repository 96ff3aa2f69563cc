import { useState } from 'preact/hooks';
import { disconnect, setPaused } from '../api/mailboxes/mailboxes.js';
import { asApiError } from '../api/problem.js';
import type { MailboxDetail } from '../api/types.js';
import { Link } from '../parts/link.js';
import { say } from '../state/toasts.js';

/** Pause, resume, disconnect. What changed is shown by the events of the mailbox. */
export function MailboxActions({ mailbox }: { readonly mailbox: MailboxDetail }) {
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const run = async (work: () => Promise<unknown>): Promise<void> => {
    setBusy(true);
    try {
      await work();
    } catch (thrown) {
      say(asApiError(thrown).message);
    } finally {
      setBusy(false);
      setAsking(false);
    }
  };
  if (mailbox.state === 'disconnected') {
    return mailbox.own ? (
      <Link to="/mailboxes/connect" class="button">
        Connect it again
      </Link>
    ) : null;
  }
  if (asking) {
    return (
      <div class="mailbox-confirm" role="group" aria-label="Disconnect this mailbox?">
        <p>
          postern forgets {mailbox.provider === 'imap' ? 'the password' : 'what lets it in'} at once and reads no
          further. Verdicts stay until they expire.
        </p>
        <div class="mailbox-actions">
          <button type="button" class="button" disabled={busy} onClick={() => setAsking(false)}>
            Keep it
          </button>
          <button
            type="button"
            class="button primary"
            disabled={busy}
            onClick={() => void run(() => disconnect(mailbox.id))}
          >
            Disconnect
          </button>
        </div>
      </div>
    );
  }
  return (
    <div class="mailbox-actions">
      {mailbox.state === 'attention' ? null : (
        <button
          type="button"
          class="button"
          disabled={busy}
          onClick={() => void run(() => setPaused(mailbox.id, !mailbox.paused))}
        >
          {mailbox.paused ? 'Resume' : 'Pause'}
        </button>
      )}
      <button type="button" class="button quiet" disabled={busy} onClick={() => setAsking(true)}>
        Disconnect…
      </button>
    </div>
  );
}
