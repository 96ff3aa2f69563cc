import { PosternError } from '../../errors.js';
import { countRequest } from '../accounts/attempts.js';
import { holderOf } from '../accounts/one-time-secret.js';
import { hashSecret } from '../accounts/sessions/refresh-token.js';
import type { PublicContext } from '../context.js';
import { offerTotp } from './totp.js';
import type { TotpOffer } from './totp.js';

/** For somebody whose organisation demands a second factor before they have one. Throws `auth.challenge-invalid`. */
export async function enrolAtSignIn(call: {
  readonly ctx: PublicContext;
  readonly input: { readonly challenge: string };
}): Promise<TotpOffer> {
  const { ctx, input } = call;
  await countRequest(ctx);
  return await ctx.parts.store.withSystem('sign-in', async (db) => {
    const held = await db.tokens.attempt(hashSecret(input.challenge), 'enrolment');
    const user = await holderOf(db, held);
    const offer = user === null ? null : await offerTotp(ctx.parts, db, user);
    if (offer !== null) return offer;
    throw new PosternError('auth.challenge-invalid', 'This sign-in took too long. Begin again.');
  });
}
