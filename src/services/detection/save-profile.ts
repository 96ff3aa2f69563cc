import { actorOf } from '../context.js';
import type { MemberContext } from '../context.js';
import { authorize } from '../permissions.js';
import { checkProfile } from './check-profile.js';
import { viewOf } from './get-profile.js';
import type { ProfileView } from './get-profile.js';
import type { ProfileFields } from './profile.js';
import { nameOf, putInForce } from './put-in-force.js';

/**
 * Puts a new profile in force. `version` is the one it was made from. Throws `request.invalid` with all faults, `auth.forbidden`,
 * `detection.profile-changed`.
 */
export async function saveProfile(call: {
  readonly ctx: MemberContext;
  readonly input: { readonly version: number; readonly profile: ProfileFields };
}): Promise<ProfileView> {
  const { ctx, input } = call;
  authorize(ctx, 'detection.write');
  const profile = checkProfile(input.profile, 'body.profile');
  const by = await nameOf(ctx);
  const tenant = await ctx.parts.store.withTenant(ctx.identity.tenantId, actorOf(ctx), (db) =>
    putInForce(ctx, db, { profile, expected: input.version, by }),
  );
  return viewOf(ctx, tenant);
}
