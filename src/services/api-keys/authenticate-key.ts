import { BlockList, isIP } from 'node:net';
import { PosternError } from '../../errors.js';
import type { LiveApiKey } from '../../store/interfaces/api-keys.js';
import type { TenantRole } from '../../store/store.js';
import { recordedIp } from '../context.js';
import type { MemberContext, PublicContext } from '../context.js';
import { isScope } from './scopes.js';

/**
 * Turns the secret of an API key into a context: the program acts as the key's owner, with the role they have now, within the key's
 * scopes. Throws `auth.token-invalid` for a key that is none or has ended, `auth.forbidden` for one used from elsewhere than it is
 * bound to. A refusal of a key that exists is audited, once a minute.
 */
export async function authenticateKey(call: {
  readonly ctx: PublicContext;
  readonly input: { readonly secret: string };
}): Promise<MemberContext> {
  const { ctx, input } = call;
  const { apiKeys } = ctx.parts;
  const key = await apiKeys.find(input.secret);
  const role = key?.user.memberships.find(({ tenantId }) => tenantId === key.tenantId)?.role;
  if (key === null || role === undefined) throw invalid('This API key is not valid.');
  const { id, tenantId, sandbox } = key;
  const identity = {
    ...{ userId: key.user.id, tenantId, role, sessionId: '' },
    apiKey: { id, sandbox, scopes: key.scopes.filter(isScope) },
  };
  const refusal = refusalOf(key, ctx);
  if (refusal !== null) {
    await auditRefusal(ctx, key, role, refusal.reason);
    throw refusal.error;
  }
  apiKeys.noteUse(key);
  return { ...ctx, identity };
}

function refusalOf(
  key: LiveApiKey,
  { client, parts }: PublicContext,
): { readonly reason: string; readonly error: PosternError } | null {
  if (key.revoked) return { reason: 'revoked', error: invalid('This API key has been revoked.') };
  if (key.user.suspended) return { reason: 'suspended', error: invalid('This API key is not valid.') };
  if (key.usableUntil !== null && key.usableUntil <= parts.now()) {
    return { reason: 'expired', error: invalid('This API key has expired.') };
  }
  if (key.networks.length > 0 && !isWithin(client.ip, key.networks)) {
    return { reason: 'network', error: forbidden('This API key does not work from this address.') };
  }
  if (key.origins.length > 0 && !key.origins.includes(client.origin ?? '')) {
    return { reason: 'origin', error: forbidden('This API key does not work for this web page.') };
  }
  return null;
}

/** Audited in the name of the key's owner; `reason` is one word, or the missing scope. */
export async function auditRefusal(
  ctx: PublicContext,
  key: Pick<LiveApiKey, 'id' | 'tenantId'> & { readonly user: { readonly id: string } },
  role: TenantRole,
  reason: string,
): Promise<void> {
  const { apiKeys, store } = ctx.parts;
  if (!apiKeys.mayReport(key.id, reason)) return;
  const actor = { kind: 'user', userId: key.user.id, role, ...recordedIp(ctx) } as const;
  await store.withTenant(key.tenantId, actor, (db) =>
    db.audit.append({ action: 'api-key.used', target: key.id, outcome: 'refused', details: { reason } }),
  );
}

/** An IPv4 client of a socket that also speaks IPv6 is written as ::ffff:192.0.2.1. */
function isWithin(address: string, networks: readonly string[]): boolean {
  const ip = address.replace(/^::ffff:(?=\d+\.)/i, '');
  const family = isIP(ip);
  if (family === 0) return false;
  const list = new BlockList();
  for (const network of networks) {
    const [base = '', prefix] = network.split('/');
    const type = isIP(base) === 4 ? 'ipv4' : 'ipv6';
    list.addSubnet(base, prefix === undefined ? (type === 'ipv4' ? 32 : 128) : Number(prefix), type);
  }
  return list.check(ip, family === 4 ? 'ipv4' : 'ipv6');
}

function invalid(message: string): PosternError {
  return new PosternError('auth.token-invalid', message);
}

function forbidden(message: string): PosternError {
  return new PosternError('auth.forbidden', message);
}
