import { useEffect, useState } from 'preact/hooks';
import { redeemConsent } from '../api/mailboxes/consents.js';
import { asApiError } from '../api/problem.js';
import { Link } from '../parts/link.js';
import { PlaceTitle } from '../parts/place-title.js';
import { mailboxPath, navigate } from '../state/router.js';
import { say } from '../state/toasts.js';

/** Back from a provider: what it sent along is spent at once, and does not stay in the address. */
export function ConsentReturn({ state, code }: { readonly state: string; readonly code: string | null }) {
  const [error, setError] = useState<string | null>(null);
  useEffect(() => {
    history.replaceState(null, '', '/connect/callback');
    redeemConsent(state, code).then(
      (mailbox) => {
        say(`${mailbox.address} is connected.`);
        navigate(mailboxPath(mailbox.id), { replace: true });
      },
      (thrown: unknown) => setError(asApiError(thrown).message),
    );
    // Once: the state works only once.
  }, []);
  if (error === null) {
    return (
      <section class="page connect" aria-busy="true">
        <PlaceTitle title="Connecting your mailbox" />
        <p role="status">Your provider has sent you back. postern is looking where the mailbox stands.</p>
      </section>
    );
  }
  return (
    <section class="page connect">
      <PlaceTitle title="Your mailbox is not connected" />
      <p class="form-error" role="alert">
        {error}
      </p>
      <p>Nothing has been stored, and nothing has changed at your provider beyond what you allowed there.</p>
      <div class="consent-ways">
        <Link to="/mailboxes/connect" class="button primary">
          Start again
        </Link>
        <Link to="/mailboxes" class="button quiet">
          To your mailboxes
        </Link>
      </div>
    </section>
  );
}
