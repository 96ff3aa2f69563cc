import { PosternError } from '../../errors.js';
import type { PersonSummary } from '../../store/interfaces/plans.js';
import { forgetPerson } from '../api-keys/forget-person.js';
import type { MemberContext } from '../context.js';
import { authorizePlatform } from './authorize-platform.js';

const MOST = 200;

/** People whose address or name contains `text`, at most 200. */
export async function listPeople(call: {
  readonly ctx: MemberContext;
  readonly input: { readonly text: string };
}): Promise<readonly PersonSummary[]> {
  const who = authorizePlatform(call.ctx);
  return await call.ctx.parts.store.withSystem('platform', (db) => db.platform.users(who, call.input.text, MOST));
}

/** Suspends an account, which ends its sessions, or lifts that. Throws `person.not-found`, and `auth.forbidden` for oneself. */
export async function suspendPerson(call: {
  readonly ctx: MemberContext;
  readonly input: { readonly userId: string; readonly suspended: boolean };
}): Promise<void> {
  const { ctx, input } = call;
  const who = authorizePlatform(ctx);
  if (input.userId === who) throw new PosternError('auth.forbidden', 'Nobody suspends themselves.');
  const done = await ctx.parts.store.withSystem('platform', (db) =>
    db.platform.suspend(who, input.userId, input.suspended),
  );
  if (!done) throw new PosternError('person.not-found', 'There is no such account.');
  forgetPerson(ctx.parts, input.userId);
}
