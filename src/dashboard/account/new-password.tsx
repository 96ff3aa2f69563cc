import { completeSignUp, resetPassword } from '../api/accounts/account.js';
import { leave } from '../api/session.js';
import { Link } from '../parts/link.js';
import { Notice } from '../parts/notice.js';
import { navigate } from '../state/router.js';
import { say } from '../state/toasts.js';
import { Field } from './field.js';
import { useForm } from './use-form.js';

/** Chooses a password with a link: for a new account or in place of a forgotten one. */
export function NewPassword({ door, token }: { readonly door: 'welcome' | 'reset'; readonly token: string }) {
  const form = useForm(async (value) => {
    if (door === 'welcome') await completeSignUp(token, value('name'), value('password'));
    else {
      await resetPassword(token, value('password'));
      leave();
    }
    say(door === 'welcome' ? 'Your account is ready. Sign in.' : 'Your password is changed. Sign in with it.');
    navigate('/sign-in', { replace: true });
  });
  const weak = form.error?.code === 'account.password-weak' ? form.error.message : undefined;
  const dead = form.error?.code === 'account.link-invalid';
  if (token === '' || dead) {
    return (
      <Notice title="This link does not work any more" role="alert">
        <p>It has expired, was used, or is incomplete. Each works once.</p>
        <Link to={door === 'welcome' ? '/sign-up' : '/forgot'} class="button">
          Ask for a new one
        </Link>
      </Notice>
    );
  }
  return (
    <form onSubmit={form.onSubmit} aria-busy={form.busy}>
      {door === 'welcome' ? (
        <Field
          label="Name"
          name="name"
          autocomplete="name"
          required={false}
          hint="How others see you. You can leave it out."
        />
      ) : null}
      <Field
        label={door === 'welcome' ? 'Password' : 'New password'}
        name="password"
        type="password"
        autocomplete="new-password"
        minLength={8}
        hint="At least 8 characters. Passwords that everybody tries first are refused."
        error={weak}
      />
      {form.error === null || weak !== undefined ? null : (
        <p class="form-error" role="alert">
          {form.error.message}
        </p>
      )}
      <button type="submit" class="button primary wide" disabled={form.busy}>
        {door === 'welcome' ? 'Create the account' : 'Change the password'}
      </button>
    </form>
  );
}
