import { useEffect, useState } from 'preact/hooks';
import { setupNeeded, signInOptions } from '../api/accounts/account.js';
import type { MfaChallenge, SignInOptions } from '../api/types.js';
import { Link } from '../parts/link.js';
import { Notice } from '../parts/notice.js';
import { PlaceTitle } from '../parts/place-title.js';
import { AccountFrame } from './account-frame.js';
import { fromProvider } from './from-provider.js';
import { EmailCodeStep } from './email-code-step.js';
import { EnrolStep } from './enrol-step.js';
import { OrganisationStep } from './organisation-step.js';
import { PasswordStep } from './password-step.js';
import { SecondStep } from './second-step.js';

type Step =
  | { readonly at: 'password' }
  | { readonly at: 'email-code' }
  | { readonly at: 'organisation' }
  | { readonly at: 'second'; readonly challenge: MfaChallenge };

const TITLES = { password: 'Sign in', 'email-code': 'A code by e-mail', organisation: 'Your organisation' } as const;

/** The way in: password, passkey, a code by e-mail or a provider, and what is asked for after it. */
export function SignInPlace() {
  const [fresh, setFresh] = useState(false);
  const [options, setOptions] = useState<SignInOptions | null>(null);
  const [{ fault, ...arrival }] = useState(fromProvider);
  const [step, setStep] = useState<Step>(
    arrival.challenge === null ? { at: 'password' } : { at: 'second', challenge: arrival.challenge },
  );
  useEffect(() => {
    setupNeeded().then(setFresh, () => undefined);
    signInOptions().then(setOptions, () => undefined);
  }, []);
  const begin = (): void => setStep({ at: 'password' });
  const proceed = (challenge: MfaChallenge | null): void => {
    if (challenge !== null) setStep({ at: 'second', challenge });
  };
  if (step.at === 'second') {
    const { challenge } = step;
    return (
      <AccountFrame>
        <PlaceTitle key="second" title={challenge.enrol ? 'Set up a second factor' : 'One more step'} />
        {challenge.enrol ? (
          <EnrolStep challenge={challenge.challenge} begin={begin} />
        ) : (
          <SecondStep challenge={challenge} begin={begin} />
        )}
      </AccountFrame>
    );
  }
  return (
    <AccountFrame>
      <PlaceTitle key={step.at} title={TITLES[step.at]} />
      {fresh ? (
        <Notice title="postern is not set up yet">
          <p>When it starts it prints a one-time link to the terminal. Open that link to create the first account.</p>
        </Notice>
      ) : null}
      {fault === null || step.at !== 'password' ? null : (
        <Notice title="The provider did not sign you in" role="alert">
          <p>{fault}</p>
        </Notice>
      )}
      {step.at === 'password' ? (
        <PasswordStep
          providers={options?.providers ?? []}
          proceed={proceed}
          byEmail={() => setStep({ at: 'email-code' })}
          byOrganisation={() => setStep({ at: 'organisation' })}
        />
      ) : step.at === 'organisation' ? (
        <OrganisationStep begin={begin} />
      ) : (
        <EmailCodeStep proceed={proceed} begin={begin} />
      )}
      {step.at === 'password' && (options?.sign_up === 'open' || options?.sign_up === 'domains') ? (
        <p class="door-more">
          No account yet? <Link to="/sign-up">Sign up</Link>
        </p>
      ) : null}
    </AccountFrame>
  );
}
