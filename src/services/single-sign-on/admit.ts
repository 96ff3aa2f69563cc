import { PosternError } from '../../errors.js';
import type { OrganisationProviderRow } from '../../store/interfaces/single-sign-on.js';
import { afterFirstFactor } from '../accounts/after-first-factor.js';
import type { SignInAnswer } from '../accounts/after-first-factor.js';
import { ORGANISATION_METHOD } from '../accounts/sessions/start-session.js';
import { recordedIp } from '../context.js';
import type { PublicContext } from '../context.js';
import { notice } from '../mail/letters.js';
import { post } from '../mail/post.js';
import { plainAddress } from './email-domain.js';
import { RefusalReason } from './refusal-reason.js';

export interface VouchedPerson {
  /** The provider's own lasting name for them. */
  readonly subject: string;
  readonly email: string | null;
  readonly name: string;
  readonly strong: boolean;
}

/**
 * Signs in whom an organisation's provider vouches for, in that organisation only: somebody it vouched for before, or with an address at
 * a domain the organisation has shown to be its own. Throws `auth.provider-refused`, in the same words for every reason, and
 * `account.second-factor-missing`.
 */
export async function admit(
  ctx: PublicContext,
  provider: OrganisationProviderRow,
  person: VouchedPerson,
): Promise<SignInAnswer> {
  const { subject, strong } = person;
  const email = person.email === null ? null : (plainAddress(person.email)?.email ?? null);
  const name = person.name.trim() || (email?.slice(0, email.lastIndexOf('@')) ?? '');
  const admitted = () =>
    ctx.parts.store.withSystem(
      'sign-in',
      async (db) => {
        const found = await db.organisationSignIn.admit(provider.id, { subject, email, name });
        const user = found === null ? null : await db.findUserById(found.userId);
        if (user === null || user.suspended) throw nobody(provider);
        if (found?.how === 'linked' || found?.how === 'joined') {
          const what = found.how === 'joined' ? 'made you a member and can sign you in there' : 'can sign you in there';
          await post(
            ctx.parts,
            db,
            user.email,
            notice(`Your organisation, with ${provider.name}, ${what} from now on.`),
          );
        }
        return user;
      },
      recordedIp(ctx),
    );
  // Two tabs at once: whoever was second finds what the first has made.
  const user = await admitted().catch((error: unknown) => {
    if (error instanceof PosternError && error.code === 'account.exists') return admitted();
    throw error;
  });
  return await afterFirstFactor(ctx, user, `${ORGANISATION_METHOD}${provider.kind}`, {
    strong: strong || provider.twoFactors,
    confinedTo: provider.tenantId,
  });
}

function nobody({ name }: OrganisationProviderRow): PosternError {
  return new PosternError('auth.provider-refused', `No account here belongs to what you showed at ${name}.`, {
    cause: new RefusalReason(
      'nobody',
      'nobody it may sign in: unknown there, not at a verified domain, or switched off',
    ),
  });
}
