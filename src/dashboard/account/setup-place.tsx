import { setUp } from '../api/accounts/account.js';
import { Link } from '../parts/link.js';
import { Notice } from '../parts/notice.js';
import { PlaceTitle } from '../parts/place-title.js';
import { navigate } from '../state/router.js';
import { AccountFrame } from './account-frame.js';
import { Field } from './field.js';
import { useForm } from './use-form.js';

/** The first page of all: makes the first administrator and the organisation they own. */
export function SetupPlace({ token }: { readonly token: string }) {
  const form = useForm(async (value) => {
    await setUp({
      token,
      email: value('email'),
      password: value('password'),
      organisation: value('organisation'),
    });
    navigate('/', { replace: true });
  });
  const weak = form.error?.code === 'account.password-weak' ? form.error.message : undefined;
  const done = form.error?.code === 'setup.already-done';
  const general = weak === undefined && form.error?.fields.length === 0 ? form.error.message : null;
  return (
    <AccountFrame>
      <PlaceTitle title="Set up postern" />
      {token === '' ? (
        <Notice title="This address is incomplete" role="alert">
          <p>Open the whole one-time link that postern printed to the terminal when it started.</p>
        </Notice>
      ) : (
        <>
          <p class="lead">One account to begin with. It runs this installation and owns the organisation.</p>
          <form onSubmit={form.onSubmit} aria-busy={form.busy}>
            <Field
              label="Organisation"
              name="organisation"
              autocomplete="organization"
              hint="Your company, household or club."
              error={form.faultOf('organisation')}
            />
            <Field
              label="E-mail address"
              name="email"
              type="email"
              autocomplete="username"
              error={form.faultOf('email')}
            />
            <Field
              label="Password"
              name="password"
              type="password"
              autocomplete="new-password"
              minLength={8}
              hint="At least 8 characters. Passwords that everybody tries first are refused."
              error={weak ?? form.faultOf('password')}
            />
            {general === null ? null : (
              <p class="form-error" role="alert">
                {general} {done ? <Link to="/sign-in">Sign in</Link> : null}
              </p>
            )}
            <button type="submit" class="button primary wide" disabled={form.busy}>
              {form.busy ? 'Setting up…' : 'Create the account'}
            </button>
          </form>
        </>
      )}
    </AccountFrame>
  );
}
