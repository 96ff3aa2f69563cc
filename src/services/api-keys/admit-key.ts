import type { MemberContext } from '../context.js';
import { auditRefusal } from './authenticate-key.js';
import { missingScope, notForKeys } from './scopes.js';
import type { Scope } from './scopes.js';

/**
 * Whether an API key may come in where `scope` is asked for; null is a door for people only. Without effect for whoever signed in.
 * Throws `auth.forbidden` with the missing scope named, and audits it. The services check each operation besides.
 */
export async function admitKey(call: {
  readonly ctx: MemberContext;
  readonly input: { readonly scope: Scope | null };
}): Promise<void> {
  const { ctx, input } = call;
  const { apiKey, userId, tenantId, role } = ctx.identity;
  if (apiKey === undefined || (input.scope !== null && apiKey.scopes.includes(input.scope))) return;
  const reason = input.scope === null ? 'not for keys' : `lacks ${input.scope}`;
  await auditRefusal(ctx, { id: apiKey.id, tenantId, user: { id: userId } }, role, reason);
  throw input.scope === null ? notForKeys() : missingScope(input.scope);
}
