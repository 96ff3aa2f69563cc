import { sql } from 'drizzle-orm';
import { PosternError } from '../../../errors.js';
import type { IdentityTable } from '../../interfaces/account-tables.js';
import { codeOf } from '../../connect.js';
import type { Transaction } from '../../session.js';

/** Each method is one definer function, which checks the purpose the transaction is pinned to. */
export function createIdentityTable(tx: Transaction): IdentityTable {
  return {
    async holder(issuer, subject) {
      const [row] = await tx.execute<{ who: string | null }>(
        sql`select postern.identity_holder(${issuer}, ${subject}) as who`,
      );
      return row?.who ?? null;
    },
    async link(issuer, subject, userId) {
      try {
        await tx.execute(sql`select postern.link_identity(${issuer}, ${subject}, ${userId})`);
      } catch (error) {
        if (codeOf(error) !== '23505') throw error;
        throw new PosternError('account.exists', 'This identity belongs to an account already.', { cause: error });
      }
    },
    async list(userId) {
      const rows = await tx.execute<{ issuer: string; linked_at: string }>(
        sql`select issuer, linked_at from postern.identities_of(${userId})`,
      );
      return rows.map((row) => ({ issuer: row.issuer, linkedAt: new Date(row.linked_at) }));
    },
    async unlink(issuer, userId) {
      const [row] = await tx.execute<{ done: boolean }>(
        sql`select postern.unlink_identities(${issuer}, ${userId}) as done`,
      );
      return row?.done === true;
    },
  };
}
