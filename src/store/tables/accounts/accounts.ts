import { sql } from 'drizzle-orm';
import { PosternError } from '../../../errors.js';
import type { AccountTable, HeldToken, OneTimeTokenTable } from '../../interfaces/account-tables.js';
import { codeOf } from '../../connect.js';
import type { Transaction } from '../../session.js';

const UNIQUE_VIOLATION = '23505';
const timestamp = (at: Date) => sql`${at.toISOString()}::timestamptz`;

/** Each method is one definer function, which checks the purpose the transaction is pinned to. */
export function createOneTimeTokenTable(tx: Transaction): OneTimeTokenTable {
  type Row = { who: string | null; facts: Readonly<Record<string, unknown>> };
  const toToken = (row: Row | undefined): HeldToken | null =>
    row === undefined ? null : { userId: row.who, details: row.facts };
  return {
    async keep({ hash, purpose, userId, details = {}, attempts = 1, expiresAt, alone = false }) {
      const facts = sql`${JSON.stringify(details)}::jsonb`;
      await tx.execute(
        sql`select postern.keep_token(${hash}, ${purpose}, ${userId}::uuid, ${facts}, ${attempts}, ${timestamp(expiresAt)}, ${alone})`,
      );
    },
    async attempt(hash, purpose) {
      const [row] = await tx.execute<Row>(sql`select who, facts from postern.try_token(${hash}, ${purpose})`);
      return toToken(row);
    },
    async spend(hash, purpose) {
      const [row] = await tx.execute<Row>(sql`select who, facts from postern.spend_token(${hash}, ${purpose})`);
      return toToken(row);
    },
    async voidAll(userId) {
      await tx.execute(sql`select postern.void_tokens(${userId})`);
    },
  };
}

export function createAccountTable(tx: Transaction): AccountTable {
  return {
    async create({ email, displayName, passwordHash }) {
      const [row] = await unlessTaken(
        tx.execute<{ id: string }>(sql`select postern.create_account(${email}, ${displayName}, ${passwordHash}) as id`),
      );
      if (row === undefined) throw new PosternError('internal', 'The account was not stored.');
      return row.id;
    },
    async setPassword(userId, passwordHash) {
      await tx.execute(sql`select postern.change_password(${userId}, ${passwordHash})`);
    },
    async setName(userId, displayName) {
      await tx.execute(sql`select postern.change_name(${userId}, ${displayName})`);
    },
    async confirmEmail(userId, email) {
      await unlessTaken(tx.execute(sql`select postern.confirm_email(${userId}, ${email})`));
    },
    async record({ userId, by, action, outcome, details = {} }) {
      const facts = sql`${JSON.stringify(details)}::jsonb`;
      await tx.execute(
        sql`select postern.record_account_event(${userId}, ${by ?? null}::uuid, ${action}, ${outcome}, ${facts})`,
      );
    },
    async listSessions(userId) {
      type Row = Record<'id' | 'tenant_name' | 'agent' | 'how' | 'started_at' | 'used_at' | 'until', string> & {
        address: string | null;
      };
      const rows = await tx.execute<Row>(sql`select * from postern.sessions_of(${userId})`);
      return rows.map((row) => ({
        ...{ id: row.id, tenantName: row.tenant_name, userAgent: row.agent, clientAddress: row.address },
        ...{ method: row.how, startedAt: new Date(row.started_at) },
        ...{ usedAt: new Date(row.used_at), expiresAt: new Date(row.until) },
      }));
    },
    async endSessions(userId, { one, keep }, reason) {
      const rows = await tx.execute<{ id: string }>(
        sql`select id from postern.end_sessions_of(${userId}, ${one ?? null}::uuid, ${keep ?? null}::uuid, ${reason})`,
      );
      return rows.map(({ id }) => id);
    },
    async describeSession(id, { userAgent, clientAddress, method, secondFactor }) {
      await tx.execute(
        sql`select postern.describe_session(${id}, ${userAgent}, ${clientAddress}, ${method}, ${secondFactor})`,
      );
    },
  };
}

async function unlessTaken<T>(work: PromiseLike<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (codeOf(error) !== UNIQUE_VIOLATION) throw error;
    throw new PosternError('account.exists', 'There is an account with this address.', { cause: error });
  }
}
