import type { MfaChallenge } from '../api/types.js';

const FAULTS: Readonly<Record<string, string>> = {
  'auth.provider-refused':
    'No account here belongs to what you showed there, or you turned back. If you have an account, sign in and add the provider in your settings.',
  'auth.challenge-invalid': 'It took too long, or began in another browser. Begin again.',
  'auth.provider-unavailable': 'The provider does not answer. Try again later.',
  'account.second-factor-missing':
    'Your organisation asks for a second factor, and its identity provider did not. Sign in another way and set one up.',
  'organisation.provider-not-found': 'This provider is not in use any more. Begin again.',
  'account.exists': 'That identity belongs to another account already.',
  'request.rate-limited': 'Too many attempts. Wait a few minutes.',
};

/** What an identity provider's way back left in the address: a second step that is due, or a fault. It is taken out of the address. */
export function fromProvider(): { readonly challenge: MfaChallenge | null; readonly fault: string | null } {
  if (location.pathname !== '/sign-in' || location.hash === '') return { challenge: null, fault: null };
  const left = new URLSearchParams(location.hash.slice(1));
  history.replaceState(null, '', '/sign-in');
  const challenge = left.get('challenge');
  const code = left.get('fault');
  return {
    challenge:
      challenge === null
        ? null
        : {
            mfa_required: true,
            challenge,
            methods: (left.get('methods') ?? '').split(',').filter(isMethod),
            enrol: left.get('enrol') === 'true',
          },
    fault: code === null ? null : (FAULTS[code] ?? 'Something went wrong on the way. Try again.'),
  };
}

function isMethod(name: string): name is MfaChallenge['methods'][number] {
  return ['totp', 'recovery-code', 'passkey'].includes(name);
}
