import { useState } from 'preact/hooks';
import { requestEmailCode, signInWithEmailCode } from '../api/accounts/account.js';
import type { MfaChallenge } from '../api/types.js';
import { Field } from './field.js';
import { useForm } from './use-form.js';

interface EmailCodeStepProps {
  readonly proceed: (challenge: MfaChallenge | null) => void;
  readonly begin: () => void;
}

/** Signing in with a code from a message: first the address, then the code. */
export function EmailCodeStep({ proceed, begin }: EmailCodeStepProps) {
  const [challenge, setChallenge] = useState('');
  const ask = useForm(async (value) => setChallenge(await requestEmailCode(value('email'))));
  const enter = useForm(async (value) => proceed(await signInWithEmailCode(challenge, value('code'))));
  const form = challenge === '' ? ask : enter;
  return (
    <form onSubmit={form.onSubmit} aria-busy={form.busy}>
      {challenge === '' ? (
        <Field
          key="email"
          label="E-mail address"
          name="email"
          type="email"
          autocomplete="username"
          error={ask.faultOf('email')}
        />
      ) : (
        <>
          <p class="lead" role="status">
            If this address has an account, a code is on its way. It works for ten minutes, in this window only.
          </p>
          <Field key="code" label="Code from the message" name="code" type="code" autocomplete="one-time-code" />
        </>
      )}
      {form.error === null || form.error.fields.length > 0 ? null : (
        <p class="form-error" role="alert">
          {form.error.message}
        </p>
      )}
      <button type="submit" class="button primary wide" disabled={form.busy}>
        {challenge === '' ? 'Send the code' : 'Continue'}
      </button>
      <button type="button" class="button quiet wide" onClick={begin}>
        Back to the password
      </button>
    </form>
  );
}
