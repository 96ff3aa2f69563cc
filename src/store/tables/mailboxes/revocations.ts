import { sql } from 'drizzle-orm';
import type { MailboxRow } from '../../interfaces/mailbox-rows.js';
import type { Transaction } from '../../session.js';
import type { TenantId } from '../../store.js';

export interface Revocation {
  /** Sealed as the mailbox had them. */
  readonly credentials: string;
  readonly tries: number;
  readonly expiresAt: Date;
}

/** What is still to be ended at providers, of mailboxes whose person has left. */
export interface RevocationTable {
  /** Keeps what it takes, for three days at most; nothing where the mailbox holds nothing. */
  add(mailbox: Pick<MailboxRow, 'id' | 'ownerId' | 'credentials'>): Promise<void>;
  /** For background work, like those below. */
  get(mailboxId: string): Promise<Revocation | null>;
  failed(mailboxId: string): Promise<void>;
  /** Those that were tried; whoever has left again meanwhile has others. */
  remove(mailboxId: string, credentials: string): Promise<void>;
}

export function createRevocationTable(tx: Transaction, tenant: TenantId): RevocationTable {
  const of = (mailboxId: string) => sql`tenant_id = ${tenant} and mailbox_id = ${mailboxId}::uuid`;
  return {
    async add({ id, ownerId, credentials }) {
      if (credentials === null) return;
      await tx.execute(sql`insert into postern.mailbox_revocations (tenant_id, mailbox_id, owner_id, credentials)
        values (${tenant}, ${id}::uuid, ${ownerId}::uuid, ${credentials})`);
    },

    async get(mailboxId) {
      const [row] = await tx.execute<{ credentials: string; tries: number; expires_at: string | Date }>(
        sql`select credentials, tries, expires_at from postern.mailbox_revocations where ${of(mailboxId)}`,
      );
      if (row === undefined) return null;
      return { credentials: row.credentials, tries: row.tries, expiresAt: new Date(row.expires_at) };
    },

    async failed(mailboxId) {
      await tx.execute(sql`update postern.mailbox_revocations set tries = tries + 1 where ${of(mailboxId)}`);
    },

    async remove(mailboxId, credentials) {
      await tx.execute(
        sql`delete from postern.mailbox_revocations where ${of(mailboxId)} and credentials = ${credentials}`,
      );
    },
  };
}
