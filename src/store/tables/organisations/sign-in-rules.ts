import { sql } from 'drizzle-orm';
import type { SignInRulesTable } from '../../interfaces/account-tables.js';
import type { Transaction } from '../../session.js';
import type { TenantId, TenantRole } from '../../store.js';

export function createSignInRulesTable(tx: Transaction, tenant: TenantId): SignInRulesTable {
  return {
    async get() {
      const [row] = await tx.execute<{ second_factor: boolean; passwords_off: boolean }>(
        sql`select second_factor, passwords_off from postern.sign_in_rules where tenant_id = ${tenant}`,
      );
      return { secondFactor: row?.second_factor === true, passwordsOff: row?.passwords_off === true };
    },
    async set({ secondFactor, passwordsOff }) {
      await tx.execute(sql`insert into postern.sign_in_rules (tenant_id, second_factor, passwords_off)
        values (${tenant}, ${secondFactor}, ${passwordsOff})
        on conflict (tenant_id) do update set second_factor = excluded.second_factor, passwords_off = excluded.passwords_off`);
    },
    async roleOf(userId) {
      const [row] = await tx.execute<{ role: TenantRole }>(
        sql`select role from postern.memberships where tenant_id = ${tenant} and user_id = ${userId}`,
      );
      return row?.role ?? null;
    },
  };
}
