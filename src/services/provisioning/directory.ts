import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { PosternError } from '../../errors.js';
import type { ProvisioningToken } from '../../store/interfaces/provisioning.js';
import type { Actor, TenantDb, TenantId, UserId } from '../../store/store.js';
import { forgetPerson } from '../api-keys/forget-person.js';
import { confirmIdentity } from '../accounts/confirm-identity.js';
import { actorOf } from '../context.js';
import type { MemberContext, PublicContext } from '../context.js';
import { authorize } from '../permissions.js';

export type { ProvisionedGroup, ProvisionedPerson } from '../../store/interfaces/provisioning.js';

const PREFIX = 'pst_scim_';
const PATTERN = /^pst_scim_[\w-]{43}$/;
/** Two while one takes the place of the other. */
const MOST_TOKENS = 2;

/** The directory of an organisation, which asked with its token. */
export interface DirectoryContext extends PublicContext {
  readonly tenantId: TenantId;
}

const hashOf = (token: string): Uint8Array => createHash('sha256').update(token).digest();

/** Throws `auth.token-invalid`. */
export async function authenticateDirectory(call: {
  readonly ctx: PublicContext;
  readonly input: { readonly token: string };
}): Promise<DirectoryContext> {
  const { ctx, input } = call;
  const tenantId = PATTERN.test(input.token)
    ? await ctx.parts.store.withSystem('sign-in', (db) => db.organisationSignIn.directoryOf(hashOf(input.token)))
    : null;
  if (tenantId === null) throw new PosternError('auth.token-invalid', 'This is no token of a directory.');
  return { ...ctx, tenantId };
}

const DIRECTORY: Actor = { kind: 'worker', job: 'directory' };

export const asDirectory = <T>(ctx: DirectoryContext, work: (db: TenantDb) => Promise<T>): Promise<T> =>
  ctx.parts.store.withTenant(ctx.tenantId, DIRECTORY, work);

/** Roles by group, after people or groups have changed; each change is in the log. Whose sessions know another role now. */
export async function applyRoles(db: TenantDb): Promise<readonly UserId[]> {
  const changed = await db.provisioning.applyRoles();
  for (const { userId, before, after } of changed) {
    const details = { before, after, by: 'directory' };
    await db.audit.append({ action: 'member.role-changed', target: `user:${userId}`, outcome: 'succeeded', details });
  }
  return changed.map(({ userId }) => userId);
}

export interface ProvisioningState {
  readonly tokens: readonly ProvisioningToken[];
  readonly people: number;
  readonly groups: readonly {
    readonly id: string;
    readonly name: string;
    readonly members: number;
    readonly administers: boolean;
  }[];
}

/** What the owner sees of the directory's work. */
export async function getProvisioning({ ctx }: { readonly ctx: MemberContext }): Promise<ProvisioningState> {
  authorize(ctx, 'provisioning.manage');
  return await ctx.parts.store.withTenant(ctx.identity.tenantId, actorOf(ctx), async ({ provisioning }) => {
    const { rows } = await provisioning.groups({}, 0, 500);
    return {
      tokens: await provisioning.tokens(),
      people: (await provisioning.people({}, 0, 1)).total,
      groups: rows.map(({ id, displayName: name, members, administers }) => ({
        ...{ id, name, members: members.length, administers },
      })),
    };
  });
}

/** A token for the organisation's directory, shown this once. Throws `organisation.limit`, `account.confirmation-needed`. */
export async function createProvisioningToken(call: {
  readonly ctx: MemberContext;
  readonly input: { readonly password?: string | undefined };
}): Promise<{ readonly id: string; readonly token: string }> {
  const { ctx, input } = call;
  authorize(ctx, 'provisioning.manage');
  await confirmIdentity(ctx, input.password);
  const [id, token] = [randomUUID(), PREFIX + randomBytes(32).toString('base64url')];
  await ctx.parts.store.withTenant(ctx.identity.tenantId, actorOf(ctx), async (db) => {
    if ((await db.provisioning.tokens()).length >= MOST_TOKENS) {
      throw new PosternError('organisation.limit', `There are ${MOST_TOKENS} tokens at most. Remove one first.`);
    }
    await db.provisioning.addToken({ id, hint: token.slice(0, PREFIX.length + 4), hash: hashOf(token) });
    await db.audit.append({
      ...{ action: 'provisioning.token-created', target: `token:${id}`, outcome: 'succeeded', details: {} },
    });
  });
  return { id, token };
}

/** It works no longer, at once. Throws `provisioning.token-not-found`. */
export async function removeProvisioningToken(call: {
  readonly ctx: MemberContext;
  readonly input: { readonly id: string };
}): Promise<void> {
  const { ctx, input } = call;
  authorize(ctx, 'provisioning.manage');
  await ctx.parts.store.withTenant(ctx.identity.tenantId, actorOf(ctx), async (db) => {
    if (!(await db.provisioning.removeToken(input.id))) {
      throw new PosternError('provisioning.token-not-found', 'There is no such token.');
    }
    const target = `token:${input.id}`;
    await db.audit.append({ action: 'provisioning.token-removed', target, outcome: 'succeeded', details: {} });
  });
}

/**
 * Whether the people of a group administer the organisation, at once; before they do, the owner is asked for the password. Throws
 * `provisioning.group-not-found`, `account.confirmation-needed`.
 */
export async function setGroupAdministers(call: {
  readonly ctx: MemberContext;
  readonly input: { readonly id: string; readonly administers: boolean; readonly password?: string | undefined };
}): Promise<void> {
  const { ctx, input } = call;
  authorize(ctx, 'provisioning.manage');
  if (input.administers) await confirmIdentity(ctx, input.password);
  const changed = await ctx.parts.store.withTenant(ctx.identity.tenantId, actorOf(ctx), async (db) => {
    if (!(await db.provisioning.setAdministers(input.id, input.administers))) {
      throw new PosternError('provisioning.group-not-found', 'The directory has no such group.');
    }
    const details = { administers: input.administers };
    await db.audit.append({
      ...{ action: 'provisioning.group-mapped', target: `group:${input.id}`, outcome: 'succeeded', details },
    });
    return await applyRoles(db);
  });
  for (const userId of changed) forgetPerson(ctx.parts, userId);
}
