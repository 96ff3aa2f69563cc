import { sql } from 'drizzle-orm';
import type { Transaction } from '../../session.js';
import type { TenantId, UserId } from '../../store.js';

/** Consents that people are giving at their providers at the moment. */
export interface ConsentTable {
  /** Good for ten minutes, by the database's clock. */
  add(consent: NewConsent): Promise<void>;
  /** What was kept for this state, once; null where there is none, it is too old, or it is of another session. */
  spend(
    stateHash: Uint8Array,
    sessionId: string,
  ): Promise<{ readonly provider: string; readonly sealed: string } | null>;
}

export interface NewConsent {
  readonly stateHash: Uint8Array;
  readonly ownerId: UserId;
  readonly sessionId: string;
  readonly provider: 'gmail' | 'microsoft-graph' | 'imap';
  readonly sealed: string;
}

export function createConsentTable(tx: Transaction, tenant: TenantId): ConsentTable {
  return {
    async add({ stateHash, ownerId, sessionId, provider, sealed }) {
      // Those that nobody came back from.
      await tx.execute(sql`delete from postern.mailbox_consents where tenant_id = ${tenant} and expires_at < now()`);
      await tx.execute(sql`insert into postern.mailbox_consents
        (tenant_id, state_hash, owner_id, session_id, provider, sealed, expires_at)
        values (${tenant}, ${stateHash}, ${ownerId}, ${sessionId}, ${provider}, ${sealed}, now() + interval '10 minutes')`);
    },

    async spend(stateHash, sessionId) {
      const [row] = await tx.execute<{ provider: string; sealed: string; good: boolean }>(
        sql`delete from postern.mailbox_consents
          where tenant_id = ${tenant} and state_hash = ${stateHash}
          returning provider, sealed, expires_at > now() and session_id = ${sessionId}::uuid as good`,
      );
      return row?.good === true ? { provider: row.provider, sealed: row.sealed } : null;
    },
  };
}
