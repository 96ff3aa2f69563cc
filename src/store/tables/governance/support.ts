import { sql } from 'drizzle-orm';
import { PosternError } from '../../../errors.js';
import type { Transaction } from '../../session.js';
import type { TenantId } from '../../store.js';
import type { SupportGrantRow, SupportTable } from '../../interfaces/support.js';

type Row = {
  grant_id: string;
  user_id: string;
  reason: string;
  content: boolean;
  created_at: string;
  expires_at: string;
  revoked_at: string | null;
};

/** Row-level security decides who may read, give and end them. */
export function createSupportTable(tx: Transaction, tenant: TenantId): SupportTable {
  const columns = sql`grant_id, user_id, reason, content, created_at, expires_at, revoked_at`;
  return {
    async list(limit) {
      const rows = await tx.execute<Row>(sql`select ${columns} from postern.support_grants
        where tenant_id = ${tenant} order by created_at desc limit ${limit}::int`);
      return rows.map(toGrant);
    },
    async add({ id, userId, reason, content, hours }) {
      const [row] = await tx.execute<Row>(sql`insert into postern.support_grants
        (tenant_id, grant_id, user_id, reason, content, expires_at)
        values (${tenant}, ${id}, ${userId}, ${reason}, ${content}, now() + make_interval(hours => ${hours}::int))
        returning ${columns}`);
      if (row === undefined) throw new PosternError('internal', 'The grant was not stored.');
      return toGrant(row);
    },
    async revoke(id) {
      const rows = await tx.execute(sql`update postern.support_grants set revoked_at = now()
        where tenant_id = ${tenant} and grant_id = ${id}::uuid and revoked_at is null and expires_at > now() returning 1`);
      return rows.length > 0;
    },
  };
}

function toGrant(row: Row): SupportGrantRow {
  return {
    ...{ id: row.grant_id, grantedBy: row.user_id, reason: row.reason, content: row.content },
    createdAt: new Date(row.created_at),
    expiresAt: new Date(row.expires_at),
    revokedAt: row.revoked_at === null ? null : new Date(row.revoked_at),
  };
}
