import { recordedIp } from '../context.js';
import type { MemberContext } from '../context.js';
import { authorize } from '../permissions.js';

/** How others see the person. */
export async function changeName(call: {
  readonly ctx: MemberContext;
  readonly input: { readonly displayName: string };
}): Promise<void> {
  const { ctx, input } = call;
  authorize(ctx, 'account.manage');
  const { userId, sessionId } = ctx.identity;
  await ctx.parts.store.withSystem(
    'sign-in',
    async (db) => {
      await db.accounts.setName(userId, input.displayName);
      await db.accounts.record({ userId, action: 'account.name-changed', outcome: 'succeeded' });
    },
    recordedIp(ctx),
  );
  ctx.parts.sessions.forget(sessionId);
}
