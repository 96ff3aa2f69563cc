import type { TenantId, UserRow } from '../../../store/store.js';
import type { PublicContext } from '../../context.js';

export interface Grant {
  readonly accessToken: string;
  /** Seconds. */
  readonly expiresIn: number;
  /** Null where the client keeps the refresh token it has. */
  readonly refresh: { readonly token: string; readonly expiresAt: Date } | null;
}

/** An access token for a session, which never outlives the session itself. */
export async function grantAccess(
  ctx: PublicContext,
  session: {
    readonly user: UserRow;
    readonly tenantId: TenantId;
    readonly sessionId: string;
    readonly expiresAt: Date;
  },
): Promise<Omit<Grant, 'refresh'>> {
  const { tokens, now } = ctx.parts;
  const left = Math.floor((session.expiresAt.getTime() - now().getTime()) / 1000);
  const issued = await tokens.issue(
    {
      userId: session.user.id,
      tenantId: session.tenantId,
      sessionId: session.sessionId,
      epoch: session.user.tokenEpoch,
    },
    left,
  );
  return { accessToken: issued.token, expiresIn: issued.expiresIn };
}
