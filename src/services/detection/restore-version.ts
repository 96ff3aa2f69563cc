import { PosternError } from '../../errors.js';
import { actorOf } from '../context.js';
import type { MemberContext } from '../context.js';
import { authorize } from '../permissions.js';
import { viewOf } from './get-profile.js';
import type { ProfileView } from './get-profile.js';
import { readStored } from './profile.js';
import { nameOf, putInForce } from './put-in-force.js';
import { authorizeTuning } from './tuning.js';

/**
 * Goes back to an earlier version, as a new one: nothing of the history is lost. Throws `detection.version-unknown`, `auth.forbidden`,
 * `detection.profile-changed`.
 */
export async function restoreVersion(call: {
  readonly ctx: MemberContext;
  readonly input: { readonly version: number; readonly restore: number };
}): Promise<ProfileView> {
  const { ctx, input } = call;
  authorize(ctx, 'detection.write');
  const by = await nameOf(ctx);
  const tenant = await ctx.parts.store.withTenant(ctx.identity.tenantId, actorOf(ctx), async (db) => {
    authorizeTuning(ctx, await db.profile.get());
    const profile = await db.detection.profileOf(input.restore);
    if (profile === null) throw new PosternError('detection.version-unknown', 'This version is not kept.');
    const next = { profile: readStored(profile), expected: input.version, restored: input.restore, by };
    return await putInForce(ctx, db, next);
  });
  return viewOf(ctx, tenant);
}
