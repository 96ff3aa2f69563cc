import { useEffect, useState } from 'preact/hooks';
import { setupNeeded, signIn } from '../api/account.js';
import { Notice } from '../parts/notice.js';
import { PlaceTitle } from '../parts/place-title.js';
import { AccountFrame } from './account-frame.js';
import { Field } from './field.js';
import { useForm } from './use-form.js';

export function SignInPlace() {
  const [fresh, setFresh] = useState(false);
  const form = useForm((value) => signIn(value('email'), value('password')));
  useEffect(() => {
    setupNeeded().then(setFresh, () => undefined);
  }, []);
  return (
    <AccountFrame>
      <PlaceTitle title="Sign in" />
      {fresh ? (
        <Notice title="postern is not set up yet">
          <p>When it starts it prints a one-time link to the terminal. Open that link to create the first account.</p>
        </Notice>
      ) : null}
      <form onSubmit={form.onSubmit} aria-busy={form.busy}>
        <Field label="E-mail address" name="email" type="email" autocomplete="username" />
        <Field label="Password" name="password" type="password" autocomplete="current-password" />
        {form.error === null ? null : (
          <p class="form-error" role="alert">
            {form.error.message}
          </p>
        )}
        <button type="submit" class="button primary wide" disabled={form.busy}>
          {form.busy ? 'Signing in…' : 'Sign in'}
        </button>
      </form>
    </AccountFrame>
  );
}
