import { PosternError } from '../../errors.js';
import type { InvitationFacts } from '../../store/interfaces/people.js';
import { countRequest } from '../accounts/attempts.js';
import { hashSecret } from '../accounts/sessions/refresh-token.js';
import type { PublicContext } from '../context.js';

/** What the holder of an invitation's link may know before accepting. Throws `invitation.invalid`, `request.rate-limited`. */
export async function openInvitation(call: {
  readonly ctx: PublicContext;
  readonly input: { readonly token: string };
}): Promise<InvitationFacts> {
  const { ctx, input } = call;
  await countRequest(ctx);
  const facts = await ctx.parts.store.withSystem('invitation', (db) =>
    db.invitationLinks.find(hashSecret(input.token)),
  );
  if (facts === null) throw invitationInvalid();
  return facts;
}

export function invitationInvalid(): PosternError {
  return new PosternError(
    'invitation.invalid',
    'This invitation has expired, was withdrawn or was used. Ask for a new one.',
  );
}
