import { useState } from 'preact/hooks';
import { signIn, signInWithPasskey } from '../api/accounts/account.js';
import { asApiError } from '../api/problem.js';
import type { MfaChallenge, SignInOptions } from '../api/types.js';
import { passkeysWork } from '../api/accounts/webauthn.js';
import { Link } from '../parts/link.js';
import { Field } from './field.js';
import { useForm } from './use-form.js';

interface PasswordStepProps {
  readonly providers: SignInOptions['providers'];
  readonly proceed: (challenge: MfaChallenge | null) => void;
  readonly byEmail: () => void;
  readonly byOrganisation: () => void;
}

export function PasswordStep({ providers, proceed, byEmail, byOrganisation }: PasswordStepProps) {
  const form = useForm(async (value) => proceed(await signIn(value('email'), value('password'))));
  const [fault, setFault] = useState('');
  const withPasskey = (): void => {
    setFault('');
    signInWithPasskey().catch((thrown: unknown) => setFault(asApiError(thrown).message));
  };
  return (
    <>
      <form onSubmit={form.onSubmit} aria-busy={form.busy}>
        <Field label="E-mail address" name="email" type="email" autocomplete="username webauthn" />
        <Field label="Password" name="password" type="password" autocomplete="current-password" />
        {form.error === null ? null : (
          <p class="form-error" role="alert">
            {form.error.message}
          </p>
        )}
        <button type="submit" class="button primary wide" disabled={form.busy}>
          {form.busy ? 'Signing in…' : 'Sign in'}
        </button>
        <p class="door-more">
          <Link to="/forgot">Forgotten your password?</Link>
        </p>
      </form>
      <div class="door-others" role="group" aria-label="Other ways in">
        {passkeysWork() ? (
          <button type="button" class="button wide" onClick={withPasskey}>
            Use a passkey
          </button>
        ) : null}
        <button type="button" class="button wide" onClick={byEmail}>
          E-mail me a code
        </button>
        <button type="button" class="button wide" onClick={byOrganisation}>
          Use your organisation
        </button>
        {providers.map(({ id, name }) => (
          <a key={id} class="button wide" href={`/api/v1/auth/oidc/${encodeURIComponent(id)}/start`}>
            Continue with {name}
          </a>
        ))}
        {fault === '' ? null : (
          <p class="form-error" role="alert">
            {fault}
          </p>
        )}
      </div>
    </>
  );
}
