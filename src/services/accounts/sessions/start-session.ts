import { PosternError } from '../../../errors.js';
import { TENANT_ROLES } from '../../../store/store.js';
import type { SystemDb, TenantId, UserRow } from '../../../store/store.js';
import { recordedIp } from '../../context.js';
import type { PublicContext } from '../../context.js';
import { grantAccess } from './grant-access.js';
import type { Grant } from './grant-access.js';
import { hashSecret, newRefreshToken, writeRefreshToken } from './refresh-token.js';

/** A session ends after a working day, however busy it is. */
const SESSION_MS = 24 * 60 * 60 * 1000;

export interface SignInMethod {
  /** As the list of sessions and the audit name it: 'password', 'passkey', 'password+totp'. */
  readonly method: string;
  readonly secondFactor: boolean;
  /** Set where an organisation's own identity provider vouches: the session stays in that organisation. */
  readonly confinedTo?: TenantId;
}

/** How a session is named that an organisation's own identity provider began. */
export const ORGANISATION_METHOD = 'organisation:';

/** As `barred_by_rule` tells them: whatever is not known to be more counts as a password. */
const isPasswordMethod = (method: string): boolean => !/^(?:passkey|oidc:|organisation:)/.test(method);

/** Starts a session for somebody who has shown who they are. `permit` runs in the same transaction and may still refuse. */
export async function startSession(
  ctx: PublicContext,
  user: UserRow,
  { method, secondFactor, confinedTo }: SignInMethod,
  permit: (db: SystemDb) => Promise<void> = () => Promise.resolve(),
): Promise<Grant> {
  const { store, now } = ctx.parts;
  const facts = isPasswordMethod(method)
    ? await store.withSystem('sign-in', (db) => db.secondFactors.facts(user.id))
    : null;
  // The tenant where the person may do most: an organisation before the personal one.
  const [home] = user.memberships
    .filter(
      ({ tenantId }) => (confinedTo ?? tenantId) === tenantId && facts?.passwordsOffIn.includes(tenantId) !== true,
    )
    .sort((a, b) => TENANT_ROLES.indexOf(b.role) - TENANT_ROLES.indexOf(a.role));
  if (home === undefined) throw new PosternError('auth.forbidden', 'This account belongs to no organisation any more.');
  const refresh = newRefreshToken();
  const expiresAt = new Date(now().getTime() + SESSION_MS);
  const { userAgent } = ctx.client;
  const recorded = recordedIp(ctx);
  await store.withSystem(
    'sign-in',
    async (db) => {
      await permit(db);
      await db.sessions.start({
        id: refresh.sessionId,
        userId: user.id,
        tenantId: home.tenantId,
        tokenHash: hashSecret(refresh.secret),
        expiresAt,
        confined: confinedTo !== undefined,
      });
      const clientAddress = recorded.ip ?? null;
      await db.accounts.describeSession(refresh.sessionId, { userAgent, clientAddress, method, secondFactor });
      await db.recordSignIn(user.id, 'succeeded');
    },
    recorded,
  );
  const access = await grantAccess(ctx, { user, tenantId: home.tenantId, sessionId: refresh.sessionId, expiresAt });
  return { ...access, refresh: { token: writeRefreshToken(refresh), expiresAt } };
}
