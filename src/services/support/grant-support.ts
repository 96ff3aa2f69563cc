import { randomUUID } from 'node:crypto';
import { PosternError } from '../../errors.js';
import type { SupportGrantRow } from '../../store/interfaces/support.js';
import { confirmIdentity } from '../accounts/confirm-identity.js';
import { actorOf } from '../context.js';
import type { MemberContext } from '../context.js';
import { authorize } from '../permissions.js';

const SHOWN = 50;

/** Access that was given to the platform's administrators, the newest first. */
export async function listSupportGrants({ ctx }: { readonly ctx: MemberContext }): Promise<readonly SupportGrantRow[]> {
  authorize(ctx, 'support.read');
  return await ctx.parts.store.withTenant(ctx.identity.tenantId, actorOf(ctx), (db) => db.support.list(SHOWN));
}

/**
 * Lets the platform's administrators read the tenant's verdicts, and its messages where `content` says so, for `hours` from now.
 * Throws `account.confirmation-needed`.
 */
export async function grantSupport(call: {
  readonly ctx: MemberContext;
  readonly input: {
    readonly reason: string;
    readonly content: boolean;
    readonly hours: number;
    readonly password?: string | undefined;
  };
}): Promise<SupportGrantRow> {
  const { ctx, input } = call;
  authorize(ctx, 'support.grant');
  await confirmIdentity(ctx, input.password);
  const { tenantId, userId } = ctx.identity;
  const { reason, content, hours } = input;
  return await ctx.parts.store.withTenant(tenantId, actorOf(ctx), async (db) => {
    const grant = await db.support.add({ id: randomUUID(), userId, reason, content, hours });
    await db.audit.append({
      action: 'support.granted',
      target: `grant:${grant.id}`,
      outcome: 'succeeded',
      details: { reason, content, until: grant.expiresAt.toISOString() },
    });
    return grant;
  });
}

/** Ends the access at once. Throws `support.not-granted` where it has ended already. */
export async function revokeSupport(call: {
  readonly ctx: MemberContext;
  readonly input: { readonly id: string };
}): Promise<void> {
  const { ctx, input } = call;
  authorize(ctx, 'support.grant');
  await ctx.parts.store.withTenant(ctx.identity.tenantId, actorOf(ctx), async (db) => {
    if (!(await db.support.revoke(input.id))) throw notGranted();
    await db.audit.append({
      action: 'support.revoked',
      target: `grant:${input.id}`,
      outcome: 'succeeded',
      details: {},
    });
  });
}

export function notGranted(): PosternError {
  return new PosternError('support.not-granted', 'This access was not granted, or it has ended.');
}
