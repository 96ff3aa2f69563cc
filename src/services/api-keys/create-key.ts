import { PosternError } from '../../errors.js';
import { confirmIdentity } from '../accounts/confirm-identity.js';
import { actorOf } from '../context.js';
import type { MemberContext } from '../context.js';
import { authorize } from '../permissions.js';
import { toApiKey } from './api-key.js';
import type { NewKey } from './api-key.js';
import { SANDBOX_SCOPES } from './scopes.js';
import type { Scope } from './scopes.js';
import { newSecret } from './secret.js';

/** Of one member in one tenant. More are a sign that keys are made by a program, which then should have one. */
const MOST_KEYS = 50;

export interface KeyInput {
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly sandbox: boolean;
  readonly networks: readonly string[];
  readonly origins: readonly string[];
  /** Null: it works until it is revoked. */
  readonly expiresAt: Date | null;
  readonly password?: string | undefined;
}

/**
 * Makes a key that acts as the member in the tenant they work in. The secret is in the answer and nowhere else. Throws
 * `request.invalid` where a sandbox key asks for more than scanning or the end is not ahead, `api-key.limit`,
 * `account.confirmation-needed`.
 */
export async function createKey(call: { readonly ctx: MemberContext; readonly input: KeyInput }): Promise<NewKey> {
  const { ctx, input } = call;
  authorize(ctx, 'api-key.manage');
  const { password, ...fields } = input;
  check(fields, ctx.parts.now());
  await confirmIdentity(ctx, password);
  const { userId: ownerId, tenantId } = ctx.identity;
  const scopes = [...new Set(input.scopes)];
  const { secret, hash, hint } = newSecret(input.sandbox);
  const row = await ctx.parts.store.withTenant(tenantId, actorOf(ctx), async (db) => {
    if ((await db.apiKeys.count(ownerId)) >= MOST_KEYS) {
      throw new PosternError('api-key.limit', `Nobody has more than ${MOST_KEYS} keys. Revoke one that is not used.`);
    }
    const added = await db.apiKeys.add({ ...fields, scopes, ownerId, hint, secretHash: hash });
    await db.audit.append({
      action: 'api-key.created',
      target: added.id,
      outcome: 'succeeded',
      details: { name: input.name, scopes: scopes.join(' '), sandbox: input.sandbox },
    });
    return added;
  });
  return { ...toApiKey(row, ownerId), secret };
}

function check({ sandbox, scopes, expiresAt }: KeyInput, now: Date): void {
  const beyond = sandbox ? scopes.filter((scope) => !SANDBOX_SCOPES.includes(scope)) : [];
  if (beyond.length > 0) throw invalid('scopes', `of a sandbox key can only be ${SANDBOX_SCOPES.join(', ')}`);
  if (expiresAt !== null && expiresAt <= now) throw invalid('expires_at', 'must be ahead');
}

function invalid(field: string, message: string): PosternError {
  const path = `body.${field}`;
  return new PosternError('request.invalid', `${path}: ${message}`, { details: { errors: [{ path, message }] } });
}
