import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { PosternError } from '../../../errors.js';
import { codeOf } from '../../connect.js';
import type {
  DirectoryPerson,
  GroupFilter,
  PersonFilter,
  ProvisionedGroup,
  ProvisionedPerson,
  ProvisioningTable,
  Provided,
} from '../../interfaces/provisioning.js';
import type { Transaction } from '../../session.js';
import type { TenantId } from '../../store.js';

interface PersonRow extends Record<string, unknown> {
  person_id: string;
  user_id: string | null;
  user_name: string;
  external_id: string | null;
  active: boolean;
  resource: Pick<DirectoryPerson, 'displayName' | 'givenName' | 'familyName' | 'formatted' | 'emails'>;
  created_at: string;
  changed_at: string;
  total: string | number;
}

interface GroupRow extends Record<string, unknown> {
  group_id: string;
  display_name: string;
  external_id: string | null;
  administers: boolean;
  members: ProvisionedGroup['members'];
  created_at: string;
  changed_at: string;
  total: string | number;
}

const toPerson = (row: PersonRow): ProvisionedPerson => ({
  ...row.resource,
  ...{ id: row.person_id, userId: row.user_id, userName: row.user_name, externalId: row.external_id },
  ...{ active: row.active, createdAt: new Date(row.created_at), changedAt: new Date(row.changed_at) },
});

const toGroup = (row: GroupRow): ProvisionedGroup => ({
  ...{ id: row.group_id, displayName: row.display_name, externalId: row.external_id, administers: row.administers },
  ...{ members: row.members, createdAt: new Date(row.created_at), changedAt: new Date(row.changed_at) },
});

export function createProvisioningTable(tx: Transaction, tenant: TenantId): ProvisioningTable {
  const people = (where: SQL, limits: SQL) =>
    tx.execute<PersonRow>(sql`select p.person_id, p.user_id, p.user_name, p.external_id,
        p.active and coalesce(r.member, false) as active, p.resource, p.created_at, p.changed_at, count(*) over () as total
      from postern.provisioned_people p join postern.provisioned_roles_of() r on r.person = p.person_id
      where p.tenant_id = ${tenant} and ${where} order by p.created_at, p.person_id ${limits}`);
  const groups = (where: SQL, limits: SQL) =>
    tx.execute<GroupRow>(sql`select g.group_id, g.display_name, g.external_id, g.administers, g.created_at, g.changed_at,
        coalesce((select jsonb_agg(jsonb_build_object('id', p.person_id, 'userName', p.user_name) order by lower(p.user_name))
          from postern.provisioned_group_members m
          join postern.provisioned_people p on p.tenant_id = m.tenant_id and p.person_id = m.person_id
          where m.tenant_id = g.tenant_id and m.group_id = g.group_id), '[]') as members,
        count(*) over () as total
      from postern.provisioned_groups g where g.tenant_id = ${tenant} and ${where} order by g.created_at, g.group_id ${limits}`);
  const ids = (list: readonly string[]) => sql`${JSON.stringify(list)}::jsonb`;

  return {
    async tokens() {
      type Row = { token_id: string; hint: string; created_at: string; last_used_at: string | null };
      const rows = await tx.execute<Row>(sql`select token_id, hint, created_at, last_used_at
        from postern.provisioning_tokens where tenant_id = ${tenant} order by created_at`);
      return rows.map((row) => ({
        ...{ id: row.token_id, hint: row.hint, createdAt: new Date(row.created_at) },
        lastUsedAt: row.last_used_at === null ? null : new Date(row.last_used_at),
      }));
    },
    async addToken({ id, hint, hash }) {
      await tx.execute(sql`insert into postern.provisioning_tokens (tenant_id, token_id, hint, token_hash)
        values (${tenant}, ${id}, ${hint}, ${hash})`);
    },
    async removeToken(id) {
      const rows = await tx.execute(sql`delete from postern.provisioning_tokens
        where tenant_id = ${tenant} and token_id = ${id}::uuid returning 1`);
      return rows.length > 0;
    },

    async people(filter, offset, limit) {
      const rows = await people(personWhere(filter), sql`limit ${limit} offset ${offset}`);
      if (rows.length > 0 || offset === 0) return { total: Number(rows[0]?.total ?? 0), rows: rows.map(toPerson) };
      const [first] = await people(personWhere(filter), sql`limit 1`);
      return { total: Number(first?.total ?? 0), rows: [] };
    },
    async person(id) {
      const [row] = await people(sql`p.person_id = ${id}::uuid`, sql`limit 1`);
      return row === undefined ? null : toPerson(row);
    },
    async addPerson(id, userId, person) {
      const { userName, externalId, active, ...resource } = person;
      await unique(() =>
        tx.execute(sql`insert into postern.provisioned_people
          (tenant_id, person_id, user_id, user_name, external_id, active, resource)
          values (${tenant}, ${id}, ${userId}::uuid, ${userName}, ${externalId}, ${active}, ${JSON.stringify(resource)}::jsonb)`),
      );
    },
    async changePerson(id, userId, person) {
      const { userName, externalId, active, ...resource } = person;
      await unique(() =>
        tx.execute(sql`update postern.provisioned_people set user_id = ${userId}::uuid, user_name = ${userName},
          external_id = ${externalId}, active = ${active}, resource = ${JSON.stringify(resource)}::jsonb, changed_at = now()
          where tenant_id = ${tenant} and person_id = ${id}::uuid`),
      );
    },
    async removePerson(id) {
      await tx.execute(sql`delete from postern.provisioned_people
        where tenant_id = ${tenant} and person_id = ${id}::uuid`);
    },
    async provideMember(email, name) {
      type Row = { who: string | null; how: Provided };
      const [row] = await unique(() =>
        tx.execute<Row>(sql`select who, how from postern.provide_member(${email}, ${name})`),
      );
      return { userId: row?.who ?? null, how: row?.how ?? 'foreign' };
    },
    async withdrawMember(userId) {
      const [row] = await tx.execute<{ before: string | null }>(
        sql`select postern.withdraw_member(${userId}::uuid) as before`,
      );
      return row?.before ?? null;
    },

    async groups(filter, offset, limit) {
      const rows = await groups(groupWhere(filter), sql`limit ${limit} offset ${offset}`);
      if (rows.length > 0 || offset === 0) return { total: Number(rows[0]?.total ?? 0), rows: rows.map(toGroup) };
      const [first] = await groups(groupWhere(filter), sql`limit 1`);
      return { total: Number(first?.total ?? 0), rows: [] };
    },
    async group(id) {
      const [row] = await groups(sql`g.group_id = ${id}::uuid`, sql`limit 1`);
      return row === undefined ? null : toGroup(row);
    },
    async addGroup(id, { displayName, externalId }) {
      await unique(() =>
        tx.execute(sql`insert into postern.provisioned_groups (tenant_id, group_id, display_name, external_id)
          values (${tenant}, ${id}, ${displayName}, ${externalId})`),
      );
    },
    async changeGroup(id, { displayName, externalId }) {
      await unique(() =>
        tx.execute(sql`update postern.provisioned_groups set display_name = ${displayName}, external_id = ${externalId},
          changed_at = now() where tenant_id = ${tenant} and group_id = ${id}::uuid`),
      );
    },
    async removeGroup(id) {
      const rows = await tx.execute(sql`delete from postern.provisioned_groups
        where tenant_id = ${tenant} and group_id = ${id}::uuid returning 1`);
      return rows.length > 0;
    },
    async addMembers(groupId, list) {
      // Who is not there is passed over: a directory may name people it has not provided yet.
      await tx.execute(sql`insert into postern.provisioned_group_members (tenant_id, group_id, person_id)
        select ${tenant}::uuid, ${groupId}::uuid, p.person_id from postern.provisioned_people p
        where p.tenant_id = ${tenant} and ${ids(list)} ? p.person_id::text on conflict do nothing`);
      await tx.execute(sql`update postern.provisioned_groups set changed_at = now()
        where tenant_id = ${tenant} and group_id = ${groupId}::uuid`);
    },
    async removeMembers(groupId, list) {
      await tx.execute(sql`delete from postern.provisioned_group_members
        where tenant_id = ${tenant} and group_id = ${groupId}::uuid
          and ${list === 'all' ? sql`true` : sql`${ids(list)} ? person_id::text`}`);
      await tx.execute(sql`update postern.provisioned_groups set changed_at = now()
        where tenant_id = ${tenant} and group_id = ${groupId}::uuid`);
    },
    async setAdministers(groupId, administers) {
      const rows = await tx.execute(sql`update postern.provisioned_groups set administers = ${administers}
        where tenant_id = ${tenant} and group_id = ${groupId}::uuid returning 1`);
      return rows.length > 0;
    },
    async applyRoles() {
      type Row = { who: string; before: string; after: string };
      const rows = await tx.execute<Row>(sql`select who, before, after from postern.apply_provisioned_roles()`);
      return rows.map(({ who, before, after }) => ({ userId: who, before, after }));
    },
  };
}

/** Ids come from outside and may be none. */
const isId = (text: string): boolean => /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text);

function personWhere({ id, userName, externalId, email }: PersonFilter): SQL {
  const parts: SQL[] = [sql`true`];
  if (id !== undefined) parts.push(isId(id) ? sql`p.person_id = ${id}::uuid` : sql`false`);
  if (userName !== undefined) parts.push(sql`lower(p.user_name) = lower(${userName})`);
  if (externalId !== undefined) parts.push(sql`p.external_id = ${externalId}`);
  if (email !== undefined) {
    parts.push(sql`exists (select 1 from jsonb_array_elements(p.resource->'emails') e
      where lower(e->>'value') = lower(${email}))`);
  }
  return sql.join(parts, sql` and `);
}

function groupWhere({ id, displayName, externalId, member }: GroupFilter): SQL {
  const parts: SQL[] = [sql`true`];
  if (id !== undefined) parts.push(isId(id) ? sql`g.group_id = ${id}::uuid` : sql`false`);
  if (displayName !== undefined) parts.push(sql`lower(g.display_name) = lower(${displayName})`);
  if (externalId !== undefined) parts.push(sql`g.external_id = ${externalId}`);
  if (member !== undefined) {
    parts.push(
      isId(member)
        ? sql`exists (select 1 from postern.provisioned_group_members m where m.tenant_id = g.tenant_id
            and m.group_id = g.group_id and m.person_id = ${member}::uuid)`
        : sql`false`,
    );
  }
  return sql.join(parts, sql` and `);
}

async function unique<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (codeOf(error) !== '23505') throw error;
    throw new PosternError('scim.not-unique', 'There is one of that name or account already.', { cause: error });
  }
}
