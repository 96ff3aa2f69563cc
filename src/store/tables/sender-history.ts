import { sql } from 'drizzle-orm';
import type { Transaction } from '../session.js';
import type { TenantId } from '../store.js';

/** Who has provably written to the tenant. Senders are known by a digest only. */
export interface SenderHistoryTable {
  /** Null for a stranger. */
  find(digest: Uint8Array): Promise<{ readonly messages: number; readonly firstSeen: Date } | null>;
  /** One more message; waits for another transaction that just counts the same sender. */
  count(digest: Uint8Array): Promise<void>;
}

export function createSenderHistoryTable(tx: Transaction, tenant: TenantId): SenderHistoryTable {
  return {
    async find(digest) {
      type Row = { messages: number; first_seen: string | Date };
      const [row] = await tx.execute<Row>(sql`select messages, first_seen from postern.sender_history
        where tenant_id = ${tenant} and sender_digest = ${digest}`);
      return row === undefined ? null : { messages: row.messages, firstSeen: new Date(row.first_seen) };
    },

    async count(digest) {
      await tx.execute(sql`insert into postern.sender_history as h (tenant_id, sender_digest, messages)
        values (${tenant}, ${digest}, 1)
        on conflict (tenant_id, sender_digest) do update set messages = h.messages + 1, last_seen = now()`);
    },
  };
}
