import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { PosternError } from '../../errors.js';
import type { GroupFilter, ProvisionedGroup, Slice } from '../../store/interfaces/provisioning.js';
import type { TenantDb } from '../../store/store.js';
import { forgetPerson } from '../api-keys/forget-person.js';
import { applyRoles, asDirectory } from './directory.js';
import type { DirectoryContext } from './directory.js';
import { readFilter } from './filter.js';
import { fold, listOf, readPatch } from './patch.js';
import type { PatchOperation } from './patch.js';
import type { ListInput } from './people.js';

const MOST_MEMBERS = 10_000;
const name = z.string().trim().min(1).max(500);
const Members = z.array(z.object({ value: z.string().max(100) })).max(MOST_MEMBERS);
const Group = z.object({
  displayname: name,
  externalid: z.string().max(500).nullish(),
  members: Members.nullish(),
});

/** Throws `scim.filter-invalid`. */
export async function listGroups(ctx: DirectoryContext, input: ListInput): Promise<Slice<ProvisionedGroup>> {
  const filter = input.filter === null ? {} : groupFilter(input.filter);
  return await asDirectory(ctx, ({ provisioning }) => provisioning.groups(filter, input.offset, input.limit));
}

/** Throws `scim.not-found`. */
export async function getGroup(ctx: DirectoryContext, id: string): Promise<ProvisionedGroup> {
  return await asDirectory(ctx, (db) => found(db, id));
}

/** Throws `scim.value-invalid`, `scim.not-unique`. */
export async function createGroup(ctx: DirectoryContext, body: unknown): Promise<ProvisionedGroup> {
  const { displayName, externalId, members } = readGroup(body);
  const id = randomUUID();
  return await changing(ctx, 'created', async (db) => {
    await db.provisioning.addGroup(id, { displayName, externalId });
    await db.provisioning.addMembers(id, members);
    return id;
  });
}

/** Throws `scim.not-found`, `scim.value-invalid`, `scim.not-unique`. */
export async function replaceGroup(ctx: DirectoryContext, id: string, body: unknown): Promise<ProvisionedGroup> {
  const { displayName, externalId, members } = readGroup(body);
  return await changing(ctx, 'changed', async (db) => {
    await found(db, id);
    await db.provisioning.changeGroup(id, { displayName, externalId });
    await db.provisioning.removeMembers(id, 'all');
    await db.provisioning.addMembers(id, members);
    return id;
  });
}

/** Throws as `replaceGroup`, and `scim.path-invalid`. */
export async function patchGroup(ctx: DirectoryContext, id: string, body: unknown): Promise<ProvisionedGroup> {
  const operations = readPatch(body);
  return await changing(ctx, 'changed', async (db) => {
    let { displayName, externalId } = await found(db, id);
    for (const operation of operations) {
      const { op, path, value } = operation;
      if (path.attribute === 'members') await patchMembers(db, id, operation);
      if (path.attribute === 'displayname') displayName = parsed(name, value);
      if (path.attribute === 'externalid') externalId = op === 'remove' ? null : parsed(z.string().max(500), value);
    }
    await db.provisioning.changeGroup(id, { displayName, externalId });
    return id;
  });
}

/** Its people stay members; who administered by it alone does no more. Throws `scim.not-found`. */
export async function deleteGroup(ctx: DirectoryContext, id: string): Promise<void> {
  const changed = await asDirectory(ctx, async (db) => {
    const { administers } = await found(db, id);
    // Before it goes: nobody must go on as an administrator because the last such group is gone.
    await db.provisioning.removeMembers(id, 'all');
    const others = administers ? await applyRoles(db) : [];
    await db.provisioning.removeGroup(id);
    await record(db, 'deleted', id);
    return others;
  });
  for (const userId of changed) forgetPerson(ctx.parts, userId);
}

/** Entra ID removes with the values beside the path, Okta with a filter in it (see docs/single-sign-on.md). */
async function patchMembers(db: TenantDb, id: string, { op, path, value }: PatchOperation): Promise<void> {
  const inPath = path.where?.filter(({ attribute }) => attribute === 'value').map((term) => term.value) ?? null;
  if (op === 'remove') {
    const named = inPath ?? (value === undefined || value === null ? 'all' : memberIds(value));
    await db.provisioning.removeMembers(id, named);
    return;
  }
  if (op === 'replace') await db.provisioning.removeMembers(id, 'all');
  await db.provisioning.addMembers(id, inPath ?? memberIds(value));
}

const memberIds = (value: unknown): readonly string[] => parsed(Members, listOf(value)).map(({ value: id }) => id);

async function changing(
  ctx: DirectoryContext,
  what: string,
  work: (db: TenantDb) => Promise<string>,
): Promise<ProvisionedGroup> {
  const { group, changed } = await asDirectory(ctx, async (db) => {
    const id = await work(db);
    await record(db, what, id);
    return { changed: await applyRoles(db), group: await found(db, id) };
  });
  for (const userId of changed) forgetPerson(ctx.parts, userId);
  return group;
}

async function record(db: TenantDb, what: string, id: string): Promise<void> {
  const action = `provisioning.group-${what}`;
  await db.audit.append({ action, target: `group:${id}`, outcome: 'succeeded', details: {} });
}

async function found(db: TenantDb, id: string): Promise<ProvisionedGroup> {
  const group = await db.provisioning.group(id);
  if (group !== null) return group;
  throw new PosternError('scim.not-found', 'There is no such group.');
}

function readGroup(body: unknown) {
  const { displayname, externalid, members } = parsed(Group, fold(body));
  const ids = (members ?? []).map(({ value }) => value);
  return { displayName: displayname, externalId: externalid ?? null, members: ids };
}

function parsed<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new PosternError('scim.value-invalid', `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'is no group'}`);
}

const FILTERS: Readonly<Record<string, keyof GroupFilter>> = {
  id: 'id',
  displayname: 'displayName',
  externalid: 'externalId',
  members: 'member',
  'members.value': 'member',
};

function groupFilter(text: string): GroupFilter {
  return Object.fromEntries(
    readFilter(text).map(({ attribute, value }) => {
      const key = FILTERS[attribute];
      if (key === undefined) throw new PosternError('scim.filter-invalid', 'Groups are not found by this attribute.');
      return [key, value] as const;
    }),
  );
}
