import { PosternError } from '../../errors.js';
import type { TenantRow } from '../../store/store.js';
import type { MemberContext } from '../context.js';
import { allows } from '../permissions.js';

/** Administrators tune detection for their organisation, and everybody in a tenant of their own. */
export function mayTune(ctx: MemberContext, tenant: Pick<TenantRow, 'kind'>): boolean {
  return allows(ctx, 'detection.write') && (ctx.identity.role !== 'user' || tenant.kind === 'personal');
}

/** Throws `auth.forbidden`. */
export function authorizeTuning(ctx: MemberContext, tenant: Pick<TenantRow, 'kind'>): void {
  if (mayTune(ctx, tenant)) return;
  throw new PosternError('auth.forbidden', 'Your role in this organisation does not allow this.');
}
