import { PosternError } from '../../errors.js';
import { confirmIdentity } from '../accounts/confirm-identity.js';
import { actorOf } from '../context.js';
import type { MemberContext } from '../context.js';
import { authorize } from '../permissions.js';
import { toApiKey } from './api-key.js';
import type { NewKey } from './api-key.js';
import { newSecret } from './secret.js';

/**
 * A new secret for the member's own key; the one before works for `overlapSeconds` more, and the one before that no longer. Throws
 * `api-key.not-found` where there is none, it has ended, or it is not theirs: a new secret would let them act as somebody else.
 * `account.confirmation-needed` before that.
 */
export async function rotateKey(call: {
  readonly ctx: MemberContext;
  readonly input: { readonly id: string; readonly overlapSeconds: number; readonly password?: string | undefined };
}): Promise<NewKey> {
  const { ctx, input } = call;
  authorize(ctx, 'api-key.manage');
  await confirmIdentity(ctx, input.password);
  const { tenantId, userId } = ctx.identity;
  const { row, secret } = await ctx.parts.store.withTenant(tenantId, actorOf(ctx), async (db) => {
    const before = (await db.apiKeys.list()).find(({ id }) => id === input.id);
    if (before === undefined) throw keyNotFound();
    const next = newSecret(before.sandbox);
    const { overlapSeconds } = input;
    const rotated = await db.apiKeys.rotate(input.id, { secretHash: next.hash, hint: next.hint, overlapSeconds });
    if (rotated === null) throw keyNotFound();
    await db.audit.append({
      action: 'api-key.rotated',
      target: input.id,
      outcome: 'succeeded',
      details: { name: rotated.name, overlap_seconds: overlapSeconds },
    });
    return { row: rotated, secret: next.secret };
  });
  ctx.parts.apiKeys.forget(input.id);
  return { ...toApiKey(row, userId), secret };
}

export function keyNotFound(): PosternError {
  return new PosternError('api-key.not-found', 'There is no such API key, or it is not yours.');
}
