import { PosternError } from '../../../errors.js';
import type { SessionRow } from '../../../store/interfaces/account-tables.js';
import type { MemberContext } from '../../context.js';
import { authorize } from '../../permissions.js';

export type OwnSession = SessionRow & { readonly current: boolean };

/** Where the person is signed in, the latest used first. */
export async function listSessions({ ctx }: { readonly ctx: MemberContext }): Promise<readonly OwnSession[]> {
  authorize(ctx, 'account.manage');
  const rows = await ctx.parts.store.withSystem('sign-in', (db) => db.accounts.listSessions(ctx.identity.userId));
  return rows.map((row) => ({ ...row, current: row.id === ctx.identity.sessionId }));
}

/** Ends one of the person's own sessions at once. Throws `account.not-found`, also for another person's. */
export async function endSession(call: {
  readonly ctx: MemberContext;
  readonly input: { readonly sessionId: string };
}): Promise<void> {
  const ended = await end(call.ctx, { one: call.input.sessionId }, 'ended by its owner');
  if (ended.length === 0) throw new PosternError('account.not-found', 'There is no such session.');
}

/** Ends all but the one that asks. */
export async function endOtherSessions({ ctx }: { readonly ctx: MemberContext }): Promise<void> {
  await end(ctx, { keep: ctx.identity.sessionId }, 'all others ended by their owner');
}

async function end(
  ctx: MemberContext,
  which: { readonly one?: string; readonly keep?: string },
  reason: string,
): Promise<readonly string[]> {
  authorize(ctx, 'account.manage');
  const { store, sessions } = ctx.parts;
  const ended = await store.withSystem('sign-in', (db) => db.accounts.endSessions(ctx.identity.userId, which, reason));
  for (const id of ended) sessions.forget(id);
  return ended;
}
