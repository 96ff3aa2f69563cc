import { PosternError } from '../../errors.js';
import type { SignInFacts } from '../../store/interfaces/account-tables.js';
import type { SystemDb, TenantId, UserRow } from '../../store/store.js';
import type { PublicContext } from '../context.js';
import type { Grant } from './sessions/grant-access.js';
import { newSecret } from './one-time-secret.js';
import { startSession } from './sessions/start-session.js';

export type FactorMethod = 'totp' | 'recovery-code' | 'passkey';

export type SignInAnswer =
  | { readonly grant: Grant }
  /** `enrol`: there is no second factor yet, and an organisation demands one. */
  | { readonly challenge: string; readonly methods: readonly FactorMethod[]; readonly enrol: boolean };

const CHALLENGE_MS = 10 * 60_000;
const CHALLENGE_ATTEMPTS = 5;

/**
 * Somebody has shown the first factor: starts the session, or asks for the second one. `strong`: the identity provider says it asked
 * for two. Throws `auth.password-off` where an organisation has switched off what was used.
 */
export async function afterFirstFactor(
  ctx: PublicContext,
  user: UserRow,
  method: string,
  options: {
    readonly strong?: boolean;
    /** An organisation's own provider vouches: only what that one demands counts, and only there is entered. */
    readonly confinedTo?: TenantId;
    readonly permit?: (db: SystemDb) => Promise<void>;
  } = {},
): Promise<SignInAnswer> {
  const { store, now } = ctx.parts;
  const { strong = false, confinedTo, permit = () => Promise.resolve() } = options;
  const confinement = confinedTo === undefined ? {} : { confinedTo };
  const facts = await store.withSystem('sign-in', (db) => db.secondFactors.facts(user.id, confinedTo));
  if (facts === null) throw new PosternError('auth.invalid-credentials', 'This account is gone.');
  if (facts.passwordsOff && (method === 'password' || method === 'email-code')) {
    throw new PosternError(
      'auth.password-off',
      'Your organisation signs in with its identity provider only. Use that, or a passkey.',
    );
  }
  const methods = methodsOf(facts);
  const demanded = facts.secondFactorDemanded && !strong;
  if (methods.length === 0 && !demanded) {
    return { grant: await startSession(ctx, user, { method, secondFactor: strong, ...confinement }, permit) };
  }
  if (methods.length === 0 && confinedTo !== undefined) {
    // Setting one up would change the account, for which the provider of one organisation does not speak.
    throw new PosternError(
      'account.second-factor-missing',
      'Your organisation asks for a second factor, and its identity provider did not. Sign in another way and set one up.',
    );
  }
  const { secret, hash } = newSecret();
  const enrol = methods.length === 0;
  await store.withSystem('sign-in', async (db) => {
    await permit(db);
    await db.tokens.keep({
      ...{ hash, purpose: enrol ? 'enrolment' : 'second-factor', userId: user.id, details: { method, ...confinement } },
      ...{ attempts: CHALLENGE_ATTEMPTS, expiresAt: new Date(now().getTime() + CHALLENGE_MS) },
    });
  });
  return { challenge: secret, methods, enrol };
}

/** What this person can be asked for. A passkey alone does not make a password need it, unless an organisation demands two factors. */
function methodsOf(facts: SignInFacts): readonly FactorMethod[] {
  const app = facts.totp?.confirmed === true;
  if (!app && !(facts.secondFactorDemanded && facts.passkeys > 0)) return [];
  return [
    ...(app ? (['totp'] as const) : []),
    ...(facts.passkeys > 0 ? (['passkey'] as const) : []),
    ...(facts.recoveryCodes > 0 ? (['recovery-code'] as const) : []),
  ];
}
