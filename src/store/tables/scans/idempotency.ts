import { sql } from 'drizzle-orm';
import type { Transaction } from '../../session.js';
import type { TenantId, UserId } from '../../store.js';

/** Requests of the acting user that were carried out in the last 24 hours. */
export interface IdempotencyTable {
  find(keyHash: Uint8Array): Promise<{ readonly requestHash: Uint8Array; readonly scanId: string } | null>;
  /** False where the key is there already; waits for another transaction that is just adding it. */
  add(entry: {
    readonly ownerId: UserId;
    readonly keyHash: Uint8Array;
    readonly requestHash: Uint8Array;
    readonly scanId: string;
  }): Promise<boolean>;
  remove(keyHash: Uint8Array): Promise<void>;
}

export function createIdempotencyTable(tx: Transaction, tenant: TenantId): IdempotencyTable {
  return {
    async find(keyHash) {
      type Row = { request_hash: Uint8Array; scan_id: string };
      const [row] = await tx.execute<Row>(sql`select request_hash, scan_id from postern.idempotency_keys
        where tenant_id = ${tenant} and key_hash = ${keyHash} and added_at > now() - interval '24 hours'`);
      return row === undefined ? null : { requestHash: row.request_hash, scanId: row.scan_id };
    },

    async add({ ownerId, keyHash, requestHash, scanId }) {
      await tx.execute(
        sql`delete from postern.idempotency_keys where tenant_id = ${tenant} and added_at <= now() - interval '24 hours'`,
      );
      const added = await tx.execute(sql`insert into postern.idempotency_keys
        (tenant_id, owner_id, key_hash, request_hash, scan_id)
        values (${tenant}, ${ownerId}, ${keyHash}, ${requestHash}, ${scanId})
        on conflict do nothing returning 1`);
      return added.length > 0;
    },

    async remove(keyHash) {
      await tx.execute(sql`delete from postern.idempotency_keys where tenant_id = ${tenant} and key_hash = ${keyHash}`);
    },
  };
}
