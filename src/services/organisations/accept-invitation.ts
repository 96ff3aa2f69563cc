import { hashPassword } from '../../crypto/passwords.js';
import { PosternError } from '../../errors.js';
import { forgetPerson } from '../api-keys/forget-person.js';
import { checkPassword } from '../accounts/passwords/password-rules.js';
import { hashSecret } from '../accounts/sessions/refresh-token.js';
import type { MemberContext, PublicContext } from '../context.js';
import { authorize } from '../permissions.js';
import { invitationInvalid, openInvitation } from './open-invitation.js';

/**
 * Adds the membership to whoever is signed in and returns its tenant. The invitation must have gone to their address: a forwarded
 * link lets nobody else in. Throws `invitation.invalid`, `invitation.other-account`.
 */
export async function acceptInvitation(call: {
  readonly ctx: MemberContext;
  readonly input: { readonly token: string };
}): Promise<{ readonly tenantId: string }> {
  const { ctx, input } = call;
  authorize(ctx, 'invitation.accept');
  await openInvitation({ ctx, input });
  const { userId } = ctx.identity;
  const tenantId = await ctx.parts.store.withSystem('invitation', (db) =>
    db.invitationLinks.accept(hashSecret(input.token), userId),
  );
  if (tenantId === null) {
    throw new PosternError(
      'invitation.other-account',
      'This invitation went to another address than your account has.',
    );
  }
  forgetPerson(ctx.parts, userId);
  return { tenantId };
}

/**
 * The same for a person without an account: makes one, with a personal tenant. Throws `invitation.invalid`, `account.exists`,
 * `account.password-weak`.
 */
export async function joinWithInvitation(call: {
  readonly ctx: PublicContext;
  readonly input: { readonly token: string; readonly password: string; readonly displayName: string };
}): Promise<void> {
  const { ctx, input } = call;
  const { email, organisation, hasAccount } = await openInvitation({ ctx, input });
  if (hasAccount) {
    throw new PosternError('account.exists', 'There is an account with this address. Sign in to accept.');
  }
  const displayName = input.displayName === '' ? email.slice(0, email.lastIndexOf('@')) : input.displayName;
  checkPassword(input.password, [email, organisation, displayName]);
  const passwordHash = await hashPassword(input.password);
  const userId = await ctx.parts.store.withSystem('invitation', (db) =>
    db.invitationLinks.acceptAsNew(hashSecret(input.token), { displayName, passwordHash }),
  );
  if (userId === null) throw invitationInvalid();
}
