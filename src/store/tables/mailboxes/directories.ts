import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { PosternError } from '../../../errors.js';
import type { DirectoryRow, DirectorySchedule, DirectoryTable } from '../../interfaces/directories.js';
import type { Transaction } from '../../session.js';
import type { TenantId } from '../../store.js';
import { storableJson } from '../storable.js';

interface Stored extends Record<string, unknown> {
  directory_id: string;
  provider: DirectoryRow['provider'];
  settings: unknown;
  credentials: string;
  access: DirectoryRow['access'];
  mode: DirectoryRow['mode'];
  group_id: string | null;
  group_name: string | null;
  backfill_days: number | null;
  attention: string | null;
  people: number | null;
  read_at: string | Date | null;
  created_at: string | Date;
  version: string;
  connected: number;
  in_need: number;
}

/** Accesses of the pinned tenant to the mailboxes of its people. */
export function createDirectoryTable(tx: Transaction, tenant: TenantId): DirectoryTable {
  const byId = (id: string) => sql`tenant_id = ${tenant}::uuid and directory_id::text = ${id}`;
  const select = async (where: SQL): Promise<readonly DirectoryRow[]> => {
    const rows =
      await tx.execute<Stored>(sql`select d.*, d.xmin::text as version, counted.connected, counted.in_need from postern.directories d
      cross join lateral (select count(*)::int as connected, count(*) filter (where m.status = 'attention')::int as in_need
        from postern.mailboxes m
        where m.tenant_id = d.tenant_id and m.directory_id = d.directory_id and m.status <> 'disconnected') counted
      where d.tenant_id = ${tenant}::uuid and ${where} order by d.provider`);
    return rows.map(toRow);
  };

  return {
    list: () => select(sql`true`),

    async get(id) {
      const [row] = await select(sql`d.directory_id::text = ${id}`);
      return row ?? null;
    },

    async save(provider, access, settings, seal) {
      const [before] = await select(sql`d.provider = ${provider}`);
      const id = before?.id ?? randomUUID();
      const json = storableJson(settings);
      await tx.execute(sql`insert into postern.directories (tenant_id, directory_id, provider, settings, credentials, access)
        values (${tenant}::uuid, ${id}::uuid, ${provider}, ${json}::jsonb, ${seal(id)}, ${access})
        on conflict (tenant_id, directory_id) do update set settings = excluded.settings, credentials = excluded.credentials,
          access = excluded.access, attention = null, next_read_at = now()`);
      const [row] = await select(sql`d.directory_id = ${id}::uuid`);
      if (row === undefined) throw new PosternError('internal', 'The access was not stored.');
      return row;
    },

    async hold(id, version) {
      const rows = await tx.execute(
        sql`select 1 from postern.directories where ${byId(id)} and xmin::text = ${version} for share`,
      );
      return rows.length > 0;
    },

    async lock(id) {
      await tx.execute(sql`select 1 from postern.directories where ${byId(id)} for update`);
    },

    async choose(id, { mode, group, people, backfillDays }) {
      await tx.execute(sql`update postern.directories set mode = ${mode}, group_id = ${group?.id ?? null},
        group_name = ${group?.name ?? null}, backfill_days = ${backfillDays}::int, next_read_at = now() + interval '1 hour'
        where ${byId(id)}`);
      await tx.execute(sql`delete from postern.directory_choices where ${byId(id)}`);
      if (mode !== 'some') return;
      await tx.execute(sql`insert into postern.directory_choices (tenant_id, directory_id, person_id)
        select distinct ${tenant}::uuid, ${id}::uuid, p from jsonb_array_elements_text(${storableJson(people)}::jsonb) p`);
    },

    async choices(id) {
      const rows = await tx.execute<{ p: string }>(
        sql`select person_id as p from postern.directory_choices where ${byId(id)}`,
      );
      return new Set(rows.map(({ p }) => p));
    },

    async needsAttention(id, reason) {
      await tx.execute(sql`update postern.directories set attention = ${reason} where ${byId(id)}`);
    },

    async wasRead(id, people) {
      await tx.execute(
        sql`update postern.directories set attention = null, people = ${people}::int, read_at = now() where ${byId(id)}`,
      );
    },

    async remove(id) {
      await tx.execute(sql`delete from postern.directories where ${byId(id)}`);
    },
  };
}

export function createDirectorySchedule(tx: Transaction): DirectorySchedule {
  return {
    async takeDue(most) {
      const rows = await tx.execute<{ tenant: string; directory: string }>(
        sql`select tenant, directory from postern.take_due_directories(${most})`,
      );
      return rows.map(({ tenant, directory }) => ({ tenantId: tenant, directoryId: directory }));
    },
  };
}

function toRow(row: Stored): DirectoryRow {
  return {
    ...{ id: row.directory_id, provider: row.provider, settings: row.settings, credentials: row.credentials },
    ...{ access: row.access, mode: row.mode, groupId: row.group_id, groupName: row.group_name },
    ...{ backfillDays: row.backfill_days, attention: row.attention, people: row.people },
    ...{ readAt: row.read_at === null ? null : new Date(row.read_at), createdAt: new Date(row.created_at) },
    ...{ version: row.version, connected: row.connected, inNeed: row.in_need },
  };
}
