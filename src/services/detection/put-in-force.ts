import { PosternError } from '../../errors.js';
import type { TenantDb, TenantRow } from '../../store/store.js';
import type { MemberContext } from '../context.js';
import { auditDetails, changesBetween } from './changes.js';
import { readStored } from './profile.js';
import type { DetectionProfile } from './profile.js';
import { authorizeTuning } from './tuning.js';

export interface NextProfile {
  readonly profile: DetectionProfile;
  /** The version that the change was made to. */
  readonly expected: number;
  /** The earlier version this goes back to. */
  readonly restored?: number;
  /** Of who changes it, as `nameOf` gives it. */
  readonly by: string;
}

/**
 * Puts a profile in force and records the change, in the caller's transaction. Nothing happens where nothing differs. Throws
 * `auth.forbidden`, and `detection.profile-changed` where another version is in force by now.
 */
export async function putInForce(ctx: MemberContext, db: TenantDb, next: NextProfile): Promise<TenantRow> {
  const tenant = await db.profile.get();
  authorizeTuning(ctx, tenant);
  if (tenant.profileVersion !== next.expected) throw changedMeanwhile(tenant.profileVersion);
  const changes = changesBetween(readStored(tenant.profile), next.profile);
  if (changes.length === 0) return tenant;
  const restored = next.restored ?? null;
  const by = { id: ctx.identity.userId, name: next.by };
  const { profile } = next;
  const version = await db.detection.save(next.expected, { before: tenant.profile, profile, changes, restored, by });
  if (version === null) throw changedMeanwhile(null);
  await db.audit.append({
    action: restored === null ? 'detection.profile-changed' : 'detection.profile-restored',
    target: `version ${version}`,
    outcome: 'succeeded',
    details: { version, ...(restored === null ? {} : { restored }), ...auditDetails(changes) },
  });
  return { ...tenant, profile, profileVersion: version };
}

/** What the history calls whoever is signed in. */
export async function nameOf(ctx: MemberContext): Promise<string> {
  const user = await ctx.parts.store.withSystem('sign-in', (db) => db.findUserById(ctx.identity.userId));
  return user === null ? '' : user.displayName === '' ? user.email : user.displayName;
}

function changedMeanwhile(version: number | null): PosternError {
  return new PosternError(
    'detection.profile-changed',
    'Somebody else has changed these settings in the meantime. Look at their version before you save yours.',
    { details: version === null ? {} : { version } },
  );
}
