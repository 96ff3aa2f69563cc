import { enrolAtSignIn, verifySignIn } from '../api/accounts/account.js';
import { Failure } from '../parts/notice.js';
import { useLoad } from '../parts/use-load.js';
import { Field } from './field.js';
import { TotpPicture } from './totp-picture.js';
import { useForm } from './use-form.js';

interface EnrolStepProps {
  readonly challenge: string;
  readonly begin: () => void;
}

/** For somebody whose organisation demands a second factor, on the way in. */
export function EnrolStep({ challenge, begin }: EnrolStepProps) {
  const { result } = useLoad(challenge, () => enrolAtSignIn(challenge));
  const form = useForm((value) => verifySignIn(challenge, 'totp', value('code')));
  if (result.state === 'failed') return <Failure message={result.error.message} retry={begin} />;
  return (
    <>
      <p class="lead">Your organisation asks for a second factor. Scan this with an authenticator app.</p>
      {result.state === 'ready' ? <TotpPicture offer={result.value} /> : <div class="totp-blank" aria-busy="true" />}
      <form onSubmit={form.onSubmit} aria-busy={form.busy}>
        <Field label="Code the app shows" name="code" type="code" autocomplete="one-time-code" />
        {form.error === null ? null : (
          <p class="form-error" role="alert">
            {form.error.message}
          </p>
        )}
        <button type="submit" class="button primary wide" disabled={form.busy}>
          {form.busy ? 'Checking…' : 'Continue'}
        </button>
        <button type="button" class="button quiet wide" onClick={begin}>
          Begin again
        </button>
      </form>
    </>
  );
}
