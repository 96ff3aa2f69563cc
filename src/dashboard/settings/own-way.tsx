import type { ComponentChildren } from 'preact';
import { signOut } from '../api/accounts/account.js';
import { session } from '../api/session.js';
import { Notice } from '../parts/notice.js';
import { useStore } from '../state/store.js';

interface OwnWayProps {
  /** What is done here, as a sentence begins: "API keys are made". */
  readonly what: string;
  readonly children: ComponentChildren;
}

/** What needs the account itself; to whom the organisation signed in, it says what to do first instead of being refused later. */
export function OwnWay({ what, children }: OwnWayProps) {
  const who = useStore(session);
  if (who.state !== 'in' || !who.account.confined) return <>{children}</>;
  return (
    <Notice title="Your organisation signed you in">
      <p>
        It opens {who.account.tenant.name}, and not the account itself. {what} after signing in with what is your own: a
        password or a passkey. Who has neither yet sets a password with “Forgotten your password?” where one signs in.
      </p>
      <button
        type="button"
        class="button"
        onClick={() => {
          void signOut().catch(() => undefined);
        }}
      >
        Sign out, to sign in again
      </button>
    </Notice>
  );
}
