import { sql } from 'drizzle-orm';
import type { MailboxSchedule } from '../../interfaces/mailbox-rows.js';
import type { Transaction } from '../../session.js';

/** Each method is one definer function, which checks the purpose the transaction is pinned to. */
export function createMailboxSchedule(tx: Transaction): MailboxSchedule {
  type Named = { tenant: string; mailbox: string };
  return {
    async takeDue(most) {
      const rows = await tx.execute<Named>(sql`select tenant, mailbox from postern.take_due_mailboxes(${most})`);
      return rows.map(({ tenant, mailbox }) => ({ tenantId: tenant, mailboxId: mailbox }));
    },
    async claimPushes(holder, providers, most) {
      const list = sql`array(select jsonb_array_elements_text(${JSON.stringify(providers)}::jsonb))`;
      const rows = await tx.execute<Named & { connected: string | Date }>(
        sql`select tenant, mailbox, connected from postern.claim_pushes(${holder}::uuid, ${list}, ${most})`,
      );
      return rows.map(({ tenant, mailbox, connected }) => ({
        ...{ tenantId: tenant, mailboxId: mailbox, connectedAt: new Date(connected) },
      }));
    },
    async takeDuePushes(providers, most) {
      const list = sql`array(select jsonb_array_elements_text(${JSON.stringify(providers)}::jsonb))`;
      const rows = await tx.execute<Named>(sql`select tenant, mailbox from postern.take_due_pushes(${list}, ${most})`);
      return rows.map(({ tenant, mailbox }) => ({ tenantId: tenant, mailboxId: mailbox }));
    },
    async isConnectedElsewhere({ id, provider, address }) {
      const [row] = await tx.execute<{ elsewhere: boolean }>(
        sql`select postern.is_connected_elsewhere(${provider}, ${address}, ${id}::uuid) as elsewhere`,
      );
      return row?.elsewhere === true;
    },
    async renewPushesElsewhere({ id, provider, address }) {
      await tx.execute(sql`select postern.renew_pushes_elsewhere(${provider}, ${address}, ${id}::uuid)`);
    },
    async connected(provider, address) {
      const rows = await tx.execute<Named>(
        sql`select tenant, mailbox from postern.connected_mailboxes(${provider}, ${address})`,
      );
      return rows.map(({ tenant, mailbox }) => ({ tenantId: tenant, mailboxId: mailbox }));
    },
    async releasePushes(holder) {
      await tx.execute(sql`select postern.release_pushes(${holder}::uuid)`);
    },
  };
}
