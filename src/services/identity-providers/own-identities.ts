import { PosternError } from '../../errors.js';
import { confirmIdentity } from '../accounts/confirm-identity.js';
import { recordedIp } from '../context.js';
import type { MemberContext } from '../context.js';
import { authorize } from '../permissions.js';
import { providerOf } from './begin-trip.js';

export interface OwnIdentity {
  readonly provider: string;
  readonly name: string;
  /** Null while it is not linked. */
  readonly linkedAt: Date | null;
}

/** Every provider there is, and since when one's account is linked to it. */
export async function listIdentities({ ctx }: { readonly ctx: MemberContext }): Promise<readonly OwnIdentity[]> {
  authorize(ctx, 'account.manage');
  const { store, accounts } = ctx.parts;
  const linked = await store.withSystem('sign-in', (db) => db.identities.list(ctx.identity.userId));
  return accounts.providers.map(({ id, name, issuer }) => ({
    ...{ provider: id, name },
    linkedAt: linked.find((identity) => identity.issuer === issuer)?.linkedAt ?? null,
  }));
}

/** Throws `account.not-found`, and `account.confirmation-needed` where it is the last way in. */
export async function unlinkIdentity(call: {
  readonly ctx: MemberContext;
  readonly input: { readonly provider: string; readonly password?: string | undefined };
}): Promise<void> {
  const { ctx, input } = call;
  const user = await confirmIdentity(ctx, input.password);
  const provider = providerOf(ctx, input.provider);
  await ctx.parts.store.withSystem(
    'sign-in',
    async (db) => {
      const facts = await db.secondFactors.facts(user.id);
      if (user.passwordHash === null && (facts?.passkeys ?? 0) === 0) {
        throw new PosternError(
          'account.confirmation-needed',
          'Set a password or add a passkey first: this is the only way in.',
        );
      }
      if (!(await db.identities.unlink(provider.issuer, user.id))) {
        throw new PosternError('account.not-found', 'Your account is not linked to this provider.');
      }
      const details = { provider: provider.id };
      await db.accounts.record({ userId: user.id, action: 'account.identity-unlinked', outcome: 'succeeded', details });
    },
    recordedIp(ctx),
  );
}
