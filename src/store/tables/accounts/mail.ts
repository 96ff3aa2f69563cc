import { sql } from 'drizzle-orm';
import type { MailTable } from '../../interfaces/account-tables.js';
import type { Transaction } from '../../session.js';

export function createMailTable(tx: Transaction): MailTable {
  return {
    async put(id, sealed) {
      await tx.execute(sql`select postern.keep_mail(${id}, ${sealed})`);
    },
    async get(id) {
      const [row] = await tx.execute<{ sealed: string | null }>(sql`select postern.waiting_mail(${id}) as sealed`);
      return row?.sealed ?? null;
    },
    async forget(id) {
      await tx.execute(sql`select postern.forget_mail(${id})`);
    },
  };
}
