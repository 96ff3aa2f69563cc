import { useState } from 'preact/hooks';
import { confirmEmail } from '../api/accounts/account.js';
import { Link } from '../parts/link.js';
import { Notice } from '../parts/notice.js';
import { useForm } from './use-form.js';

/** Confirms an address with a link. It takes a press: mail scanners open links too. */
export function ConfirmAddress({ token }: { readonly token: string }) {
  const [done, setDone] = useState(false);
  const form = useForm(async () => {
    await confirmEmail(token);
    setDone(true);
  });
  if (done) {
    return (
      <>
        <Notice title="The address is confirmed" role="status">
          <p>From now on it is the address of your account.</p>
        </Notice>
        <Link to="/" class="button primary wide">
          Go on to postern
        </Link>
      </>
    );
  }
  if (token === '' || form.error?.code === 'account.link-invalid') {
    return (
      <Notice title="This link does not work any more" role="alert">
        <p>It has expired, was used, or is incomplete. Ask for a new one in your settings.</p>
        <Link to="/settings/account" class="button">
          Settings
        </Link>
      </Notice>
    );
  }
  return (
    <form onSubmit={form.onSubmit} aria-busy={form.busy}>
      <p class="lead">Press the button to show that this address is yours.</p>
      {form.error === null ? null : (
        <p class="form-error" role="alert">
          {form.error.message}
        </p>
      )}
      <button type="submit" class="button primary wide" disabled={form.busy}>
        Confirm the address
      </button>
    </form>
  );
}
