import { useState } from 'preact/hooks';
import { signInWithPasskey, verifySignIn } from '../api/accounts/account.js';
import { asApiError } from '../api/problem.js';
import type { MfaChallenge } from '../api/types.js';
import { passkeysWork } from '../api/accounts/webauthn.js';
import { Field } from './field.js';
import { useForm } from './use-form.js';

interface SecondStepProps {
  readonly challenge: MfaChallenge;
  /** Back to the first step. */
  readonly begin: () => void;
}

/** The second factor: a code of the app, a recovery code, or a passkey. */
export function SecondStep({ challenge, begin }: SecondStepProps) {
  const has = (method: MfaChallenge['methods'][number]): boolean => challenge.methods.includes(method);
  const [method, setMethod] = useState<'totp' | 'recovery-code'>(has('totp') ? 'totp' : 'recovery-code');
  const [fault, setFault] = useState('');
  const form = useForm((value) => verifySignIn(challenge.challenge, method, value('code')));
  const withPasskey = (): void => {
    setFault('');
    signInWithPasskey().catch((thrown: unknown) => setFault(asApiError(thrown).message));
  };
  const over = form.error?.code === 'auth.challenge-invalid';
  const asksCode = has('totp') || has('recovery-code');
  return (
    <>
      {asksCode ? (
        <form onSubmit={form.onSubmit} aria-busy={form.busy}>
          {method === 'totp' ? (
            <Field
              key="totp"
              label="Code from your authenticator app"
              name="code"
              type="code"
              autocomplete="one-time-code"
              hint="Six digits. A new code comes every half minute, and each works once."
            />
          ) : (
            <Field
              key="recovery"
              label="Recovery code"
              name="code"
              type="code"
              autocomplete="off"
              hint="One of the ten you kept when you set up the app. It works once."
            />
          )}
          {form.error === null ? null : (
            <p class="form-error" role="alert">
              {form.error.message}
            </p>
          )}
          <button type="submit" class="button primary wide" disabled={form.busy || over}>
            {form.busy ? 'Checking…' : 'Continue'}
          </button>
        </form>
      ) : null}
      <div class="door-others" role="group" aria-label="Other ways">
        {has('passkey') && passkeysWork() ? (
          <button type="button" class="button wide" onClick={withPasskey}>
            Use a passkey
          </button>
        ) : null}
        {has('totp') && has('recovery-code') ? (
          <button
            type="button"
            class="button wide"
            onClick={() => setMethod(method === 'totp' ? 'recovery-code' : 'totp')}
          >
            {method === 'totp' ? 'Use a recovery code' : 'Use the app'}
          </button>
        ) : null}
        <button type="button" class="button quiet wide" onClick={begin}>
          Begin again
        </button>
        {fault === '' ? null : (
          <p class="form-error" role="alert">
            {fault}
          </p>
        )}
      </div>
      <p class="field-hint">
        Lost the phone and the codes? An administrator of your organisation can remove the second factor.
      </p>
    </>
  );
}
