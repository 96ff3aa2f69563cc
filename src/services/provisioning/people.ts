import { randomUUID } from 'node:crypto';
import { PosternError } from '../../errors.js';
import type { DirectoryPerson, PersonFilter, ProvisionedPerson, Slice } from '../../store/interfaces/provisioning.js';
import type { TenantDb, UserId } from '../../store/store.js';
import { forgetPerson } from '../api-keys/forget-person.js';
import { notice } from '../mail/letters.js';
import { post } from '../mail/post.js';
import { disconnectLeaver } from '../organisations/disconnect-leaver.js';
import { applyRoles, asDirectory } from './directory.js';
import type { DirectoryContext } from './directory.js';
import { readFilter } from './filter.js';
import { patched, readPatch } from './patch.js';
import { addressOf, foldPerson, nameOf, readPerson } from './read-person.js';

export interface ListInput {
  readonly filter: string | null;
  readonly offset: number;
  readonly limit: number;
}

/** Throws `scim.filter-invalid`. */
export async function listPeople(ctx: DirectoryContext, input: ListInput): Promise<Slice<ProvisionedPerson>> {
  const filter = input.filter === null ? {} : personFilter(input.filter);
  return await asDirectory(ctx, ({ provisioning }) => provisioning.people(filter, input.offset, input.limit));
}

/** Throws `scim.not-found`, also for somebody of another organisation. */
export async function getPerson(ctx: DirectoryContext, id: string): Promise<ProvisionedPerson> {
  return await asDirectory(ctx, (db) => found(db, id));
}

/**
 * Makes a member of somebody: of a new account where the organisation has shown the domain of the address to be its own, and of an
 * account that exists under the same condition, or where its person has joined by themselves. Throws `scim.value-invalid`, `scim.not-unique`.
 */
export async function createPerson(ctx: DirectoryContext, body: unknown): Promise<ProvisionedPerson> {
  const person = readPerson(body);
  const id = randomUUID();
  return await changing(ctx, async (db) => {
    const userId = person.active ? await enter(ctx, db, person) : null;
    await db.provisioning.addPerson(id, userId, person);
    await record(db, 'created', userId, id);
    return id;
  });
}

/** Throws `scim.not-found`, `scim.value-invalid`, `scim.not-unique`, `scim.owner-stays`. */
export async function replacePerson(ctx: DirectoryContext, id: string, body: unknown): Promise<ProvisionedPerson> {
  const person = readPerson(body);
  return await changing(ctx, async (db) => {
    await put(ctx, db, await found(db, id), person);
    return id;
  });
}

/** Throws as `replacePerson`, and `scim.path-invalid`. */
export async function patchPerson(ctx: DirectoryContext, id: string, body: unknown): Promise<ProvisionedPerson> {
  const operations = readPatch(body);
  return await changing(ctx, async (db) => {
    const before = await found(db, id);
    await put(ctx, db, before, readPerson(operations.reduce(patched, foldPerson(before))));
    return id;
  });
}

/** Ends the membership and forgets what the directory said; the account stays its person's. Throws `scim.not-found`, `scim.owner-stays`. */
export async function deletePerson(ctx: DirectoryContext, id: string): Promise<void> {
  const leaver = await asDirectory(ctx, async (db) => {
    const { userId } = await found(db, id);
    await leave(db, userId);
    await db.provisioning.removePerson(id);
    await record(db, 'deleted', userId, id);
    return userId;
  });
  if (leaver !== null) forgetPerson(ctx.parts, leaver);
}

/** In one transaction: what changes, the roles that follow, and what is there then. Sessions are believed by nobody any more. */
async function changing(ctx: DirectoryContext, work: (db: TenantDb) => Promise<string>): Promise<ProvisionedPerson> {
  const { person, others } = await asDirectory(ctx, async (db) => {
    const id = await work(db);
    return { others: await applyRoles(db), person: await found(db, id) };
  });
  for (const userId of [...others, person.userId]) if (userId !== null) forgetPerson(ctx.parts, userId);
  return person;
}

async function put(
  ctx: DirectoryContext,
  db: TenantDb,
  before: ProvisionedPerson,
  next: DirectoryPerson,
): Promise<void> {
  let { userId } = before;
  if (next.active && !before.active) userId = await enter(ctx, db, next, userId);
  if (!next.active && before.active) await leave(db, userId);
  await db.provisioning.changePerson(before.id, userId, next);
  const what = next.active === before.active ? 'changed' : next.active ? 'activated' : 'deactivated';
  await record(db, what, userId, before.id);
}

/** `known`: who they were before. Another account that has the address by now is not theirs. */
async function enter(
  ctx: DirectoryContext,
  db: TenantDb,
  person: DirectoryPerson,
  known: UserId | null = null,
): Promise<UserId> {
  const email = addressOf(person);
  const { userId, how } = await db.provisioning.provideMember(email, nameOf(person));
  if (userId === null || how === 'foreign') {
    throw new PosternError(
      'scim.value-invalid',
      'The domain of this address is not shown to be the organisation’s, so its people join by invitation.',
    );
  }
  if (known !== null && known !== userId) {
    throw new PosternError('scim.not-unique', 'Another account has this address by now.');
  }
  if (how === 'joined') {
    const { name } = await db.profile.get();
    await post(ctx.parts, db, email, notice(`The directory of ${name} made you a member of it.`));
  }
  return userId;
}

async function leave(db: TenantDb, userId: UserId | null): Promise<void> {
  if (userId === null) return;
  const before = await db.provisioning.withdrawMember(userId);
  if (before === 'org_owner') {
    throw new PosternError('scim.owner-stays', 'The owner of the organisation is not the directory’s to remove.');
  }
  if (before === null) return;
  const details = { role: before, by: 'directory' };
  await db.audit.append({ action: 'member.removed', target: `user:${userId}`, outcome: 'succeeded', details });
  await disconnectLeaver(db, userId);
}

async function record(db: TenantDb, what: string, userId: UserId | null, id: string): Promise<void> {
  const target = userId === null ? `person:${id}` : `user:${userId}`;
  await db.audit.append({ action: `provisioning.user-${what}`, target, outcome: 'succeeded', details: {} });
}

async function found(db: TenantDb, id: string): Promise<ProvisionedPerson> {
  const person = await db.provisioning.person(id);
  if (person !== null) return person;
  throw new PosternError('scim.not-found', 'There is no such user.');
}

const FILTERS: Readonly<Record<string, keyof PersonFilter>> = {
  id: 'id',
  username: 'userName',
  externalid: 'externalId',
  emails: 'email',
  'emails.value': 'email',
};

function personFilter(text: string): PersonFilter {
  return Object.fromEntries(
    readFilter(text).map(({ attribute, value }) => {
      const name = FILTERS[attribute];
      if (name === undefined) throw new PosternError('scim.filter-invalid', 'Users are not found by this attribute.');
      return [name, value] as const;
    }),
  );
}
