import { sql } from 'drizzle-orm';
import type { Transaction } from '../../session.js';
import type { TenantId } from '../../store.js';

/** A message and who wrote it, as the database knows them: by digests only. */
export interface SenderMark {
  readonly sender: Uint8Array;
  readonly message: Uint8Array;
}

export interface KnownSender {
  readonly messages: number;
  readonly firstSeen: Date;
}

/** Who has provably written to the tenant. */
export interface SenderHistoryTable {
  /** In the order asked; null for a stranger. A message that has been counted already is not among the earlier ones of its own sender. */
  find(
    asked: readonly { readonly sender: Uint8Array; readonly message: Uint8Array | null }[],
  ): Promise<readonly (KnownSender | null)[]>;
  /**
   * One more message of its sender for each that has not been counted, here or by another way in; waits for another transaction that
   * just counts the same.
   */
  count(seen: readonly SenderMark[]): Promise<void>;
}

export function createSenderHistoryTable(tx: Transaction, tenant: TenantId): SenderHistoryTable {
  return {
    async find(asked) {
      if (asked.length === 0) return [];
      type Row = { messages: number | null; first_seen: string | Date | null };
      const rows = await tx.execute<Row>(sql`
        select h.messages - (counted.message_digest is not null)::int as messages, h.first_seen
        from jsonb_to_recordset(${asJson(asked)}::jsonb) as asked (place integer, sender text, message text)
        left join postern.sender_history h on h.tenant_id = ${tenant} and h.sender_digest = decode(asked.sender, 'hex')
        left join postern.counted_messages counted
          on counted.tenant_id = ${tenant} and counted.message_digest = decode(asked.message, 'hex')
        order by asked.place`);
      return rows.map(({ messages, first_seen }) =>
        messages === null || messages <= 0 || first_seen === null
          ? null
          : { messages, firstSeen: new Date(first_seen) },
      );
    },

    async count(seen) {
      if (seen.length === 0) return;
      // In one order everywhere: two that count the same wait for each other, and never in a circle.
      await tx.execute(sql`
        with seen as (
          select decode(seen.sender, 'hex') as sender, decode(seen.message, 'hex') as message
          from jsonb_to_recordset(${asJson(seen)}::jsonb) as seen (sender text, message text)),
        fresh as (
          insert into postern.counted_messages (tenant_id, message_digest)
          select distinct ${tenant}::uuid, message from seen order by message
          on conflict do nothing returning message_digest)
        insert into postern.sender_history as h (tenant_id, sender_digest, messages)
        select ${tenant}::uuid, sender, count(distinct message)::int from seen
        where message in (select message_digest from fresh) group by sender order by sender
        on conflict (tenant_id, sender_digest) do update set messages = h.messages + excluded.messages, last_seen = now()`);
    },
  };
}

function asJson(marks: readonly { readonly sender: Uint8Array; readonly message: Uint8Array | null }[]): string {
  const hex = (bytes: Uint8Array | null): string | null => (bytes === null ? null : Buffer.from(bytes).toString('hex'));
  return JSON.stringify(
    marks.map(({ sender, message }, place) => ({ place, sender: hex(sender), message: hex(message) })),
  );
}
