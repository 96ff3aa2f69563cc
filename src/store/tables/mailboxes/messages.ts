import { sql } from 'drizzle-orm';
import type { KnownMessage, MessageTable, SetAsideRow } from '../../interfaces/mailbox-rows.js';
import type { Transaction } from '../../session.js';
import type { TenantId } from '../../store.js';
import { storable } from '../storable.js';

/** Identities of the messages of mailboxes, and what had to be left out. */
export function createMessageTable(tx: Transaction, tenant: TenantId): MessageTable {
  interface Found extends Record<string, unknown> {
    key: string;
    scan_id: string;
    expires_at: string | Date;
  }
  const known = (rows: readonly Found[]): ReadonlyMap<string, KnownMessage> =>
    new Map(rows.map((row) => [row.key, { scanId: row.scan_id, expiresAt: new Date(row.expires_at) }]));
  const texts = (values: readonly string[]) =>
    sql`array(select jsonb_array_elements_text(${JSON.stringify(storable(values))}::jsonb))`;

  return {
    async byId(mailboxId, ids) {
      if (ids.length === 0) return new Map();
      return known(
        await tx.execute<Found>(sql`select provider_message_id as key, scan_id, expires_at from postern.messages
          where tenant_id = ${tenant} and mailbox_id = ${mailboxId}::uuid and provider_message_id = any (${texts(ids)})`),
      );
    },

    async byContent(mailboxId, sha256) {
      if (sha256.length === 0) return new Map();
      return known(
        await tx.execute<Found>(sql`select sha256 as key, scan_id, expires_at from postern.messages
          where tenant_id = ${tenant} and mailbox_id = ${mailboxId}::uuid and sha256 = any (${texts(sha256)})`),
      );
    },

    async add(mailbox, entries) {
      if (entries.length === 0) return new Set();
      const rows = await tx.execute<{ id: string }>(sql`
        insert into postern.messages (tenant_id, mailbox_id, provider_message_id, scan_id, expires_at, owner_id, sha256)
        select ${tenant}::uuid, ${mailbox.id}::uuid, new.id, new."scanId", new."expiresAt", ${mailbox.ownerId}::uuid, new.sha256
        from jsonb_to_recordset(${JSON.stringify(storable(entries))}::jsonb)
          as new (id text, "scanId" text, "expiresAt" timestamptz, sha256 text)
        -- In this order, so that two who add the same do not wait for each other in a circle.
        order by new.id
        on conflict do nothing returning provider_message_id as id`);
      return new Set(rows.map(({ id }) => id));
    },

    async setAside(mailbox, entries) {
      if (entries.length === 0) return 0;
      const rows = await tx.execute(sql`
        insert into postern.set_aside_messages
          (tenant_id, mailbox_id, provider_message_id, owner_id, folder, received_at, reason)
        select ${tenant}::uuid, ${mailbox.id}::uuid, new."messageId", ${mailbox.ownerId}::uuid, new.folder, new."receivedAt", new.reason
        from jsonb_to_recordset(${JSON.stringify(storable(entries))}::jsonb)
          as new ("messageId" text, folder text, "receivedAt" timestamptz, reason text)
        on conflict do nothing returning 1`);
      return rows.length;
    },

    async listSetAside(mailboxId, limit) {
      type Row = { messageId: string; folder: string; receivedAt: string | null; reason: string; at: string };
      const rows =
        await tx.execute<Row>(sql`select provider_message_id as "messageId", folder, received_at as "receivedAt", reason, at
        from postern.set_aside_messages where tenant_id = ${tenant} and mailbox_id = ${mailboxId}::uuid
        order by at desc limit ${limit}`);
      return rows.map((row): SetAsideRow => ({
        ...row,
        at: new Date(row.at),
        receivedAt: row.receivedAt === null ? null : new Date(row.receivedAt),
      }));
    },

    async setAsideIds(mailboxId, ids) {
      if (ids.length === 0) return new Set();
      const rows = await tx.execute<{ id: string }>(sql`select provider_message_id as id from postern.set_aside_messages
        where tenant_id = ${tenant} and mailbox_id = ${mailboxId}::uuid and provider_message_id = any (${texts(ids)})`);
      return new Set(rows.map(({ id }) => id));
    },

    async claim(mailboxId, ids) {
      if (ids.length === 0) return;
      // A message that was moved several times has several names.
      await tx.execute(
        sql`select postern.hand_over_scans(${mailboxId}::uuid, ${texts(ids)}, '', ${ids.length * 4}::int)`,
      );
    },

    async handOver(mailboxId, last, most) {
      const [row] = await tx.execute<{ last: string | null; scans: number }>(
        sql`select last, scans from postern.hand_over_scans(${mailboxId}::uuid, null, ${last}, ${most}::int)`,
      );
      return row ?? { last: null, scans: 0 };
    },

    async takeBack(mailboxId, id) {
      await tx.execute(sql`delete from postern.set_aside_messages
        where tenant_id = ${tenant} and mailbox_id = ${mailboxId}::uuid and provider_message_id = ${id}`);
    },
  };
}
