import { randomUUID } from 'node:crypto';
import { and, asc, eq, sql } from 'drizzle-orm';
import { PosternError } from '../../../errors.js';
import { codeOf } from '../../connect.js';
import type { MailboxRow, MailboxTable } from '../../interfaces/mailbox-rows.js';
import { mailboxes } from '../../schema.js';
import type { Transaction } from '../../session.js';
import type { TenantId } from '../../store.js';
import { storable } from '../storable.js';

/** Somebody who was killed holds a mailbox for so long; renewed while it is read. */
const LEASE = sql.raw(`interval '30 seconds'`);
const FREE = { leaseHolder: null, leaseUntil: null, syncAgain: false } as const;
const HEALTHY = { failures: 0, fault: null, faultSince: null, quotaUntil: null } as const;
const QUOTA_LOOK_SECONDS = 600;

/** As `stateOf` says it of a row. */
const STATE = sql`case when ${mailboxes.status} <> 'connected' then ${mailboxes.status} when ${mailboxes.paused} then 'paused'
  when ${mailboxes.quotaUntil} is not null then 'waiting' when ${mailboxes.fault} is not null then 'unreachable'
  when ${mailboxes.backfill} = 'running' or ${mailboxes.cursor} is null then 'reading' else 'well' end`;

export const MAILBOX_CHANNEL = 'postern_mailboxes';

/** Mailboxes of the pinned tenant. Times are the database's: processes may disagree about the hour. */
export function createMailboxTable(tx: Transaction, tenant: TenantId): MailboxTable {
  const byId = (id: string) => and(eq(mailboxes.tenantId, tenant), sql`${mailboxes.mailboxId}::text = ${id}`);
  const heldBy = (id: string, holder: string) => and(byId(id), eq(mailboxes.leaseHolder, holder));
  const soon = (seconds: number) => sql`now() + make_interval(secs => ${seconds}::double precision)`;
  const change = async (id: string, values: Record<string, unknown>): Promise<void> => {
    await tx.update(mailboxes).set(values).where(byId(id));
  };

  return {
    async insert(mailbox) {
      try {
        const [row] = await tx
          .insert(mailboxes)
          .values({ ...storable(mailbox), tenantId: tenant, mailboxId: randomUUID() })
          .returning();
        if (row === undefined) throw new PosternError('internal', 'The mailbox was not stored.');
        return toRow(row);
      } catch (error) {
        if (codeOf(error) !== '23505') throw error;
        throw new PosternError('mailbox.exists', 'This mailbox is connected already, by you or by somebody here.');
      }
    },

    async get(id) {
      const [row] = await tx.select().from(mailboxes).where(byId(id));
      return row === undefined ? null : toRow(row);
    },

    async findByAddress(provider, address) {
      const [row] = await tx
        .select()
        .from(mailboxes)
        .where(and(eq(mailboxes.tenantId, tenant), eq(mailboxes.provider, provider), eq(mailboxes.address, address)));
      return row === undefined ? null : toRow(row);
    },

    async list() {
      const rows = await tx
        .select()
        .from(mailboxes)
        .where(eq(mailboxes.tenantId, tenant))
        .orderBy(asc(mailboxes.address), asc(mailboxes.mailboxId));
      return rows.map(toRow);
    },

    async page({ text, state, limit, after }) {
      const { address, mailboxId } = mailboxes;
      const rows = await tx
        .select()
        .from(mailboxes)
        .where(
          and(
            eq(mailboxes.tenantId, tenant),
            after === null ? undefined : sql`(${address}, ${mailboxId}) > (${after.address}, ${after.id}::uuid)`,
            text === null ? undefined : sql`position(lower(${text}) in lower(${address})) > 0`,
            state === null ? undefined : sql`${STATE} = ${state}`,
          ),
        )
        .orderBy(asc(address), asc(mailboxId))
        .limit(limit);
      return rows.map(toRow);
    },

    connect: (id, sealed, settings, cursor) =>
      change(id, {
        ...(cursor === undefined ? {} : { cursor }),
        ...{ credentials: sealed, settings: storable(settings), status: 'connected', attention: null },
        // New keys of an organisation wake nothing that somebody has paused.
        paused: sql`${mailboxes.paused} and ${mailboxes.directoryId} is not null`,
        ...{ stillHeld: [], disconnectedAt: null, connectedAt: sql`now()`, nextSyncAt: sql`now()`, ...HEALTHY },
      }),

    chooseBackfill: (id, backfill, since) =>
      change(id, {
        ...{ backfill, backfillPage: null, backfillTotal: null, backfillSeen: 0, backfillSince: since },
        // A page that is being read now is of the older choice.
        ...FREE,
      }),

    async listOfDirectory(directoryId) {
      const rows = await tx
        .select()
        .from(mailboxes)
        .where(and(eq(mailboxes.tenantId, tenant), eq(mailboxes.directoryId, directoryId)));
      return rows.map(toRow);
    },

    assign: (id, { ownerId, directoryId, personId }) =>
      change(id, {
        ...{ ownerId, directoryId, personId, leftOut: false },
        personSince: sql`case when ${mailboxes.personId} is distinct from ${personId}::text then now() else ${mailboxes.personSince} end`,
      }),

    setLeftOut: (id, leftOut) => change(id, { leftOut }),

    async leaveNobodyOut(directoryId) {
      await tx
        .update(mailboxes)
        .set({ leftOut: false })
        .where(and(eq(mailboxes.tenantId, tenant), eq(mailboxes.directoryId, directoryId)));
    },

    setAbuse: (id, answers) =>
      change(
        id,
        answers === null
          ? { abuseSince: null }
          : { abuseSince: sql`coalesce(${mailboxes.abuseSince}, now())`, abuseAnswers: answers },
      ),

    setPaused: (id, paused) => change(id, { paused, nextSyncAt: sql`now()` }),

    needsAttention: (id, reason) => change(id, { status: 'attention', attention: reason, ...FREE }),

    disconnect: (id) =>
      change(id, {
        ...{ status: 'disconnected', credentials: null, attention: null, paused: false, disconnectedAt: sql`now()` },
        ...{ pushState: null, pushRenewAt: null },
        ...FREE,
        ...HEALTHY,
      }),

    setStillHeld: (id, stillHeld) => change(id, { stillHeld: storable(stillHeld) }),

    async saveCredentials(id, sealed) {
      await tx
        .update(mailboxes)
        .set({ credentials: sealed })
        .where(and(byId(id), eq(mailboxes.status, 'connected')));
    },

    async lockCredentials(id) {
      const [row] = await tx.select({ sealed: mailboxes.credentials }).from(mailboxes).where(byId(id)).for('update');
      return row?.sealed ?? null;
    },

    async keepPush(id, sealed, seconds) {
      await tx
        .update(mailboxes)
        .set({ pushState: sealed, pushRenewAt: sql`now() + make_interval(secs => ${seconds})` })
        .where(and(byId(id), eq(mailboxes.status, 'connected')));
    },

    renewPushNow: (id) => change(id, { pushRenewAt: sql`now()` }),

    async lease(id, holder) {
      const free = sql`(${mailboxes.leaseUntil} is null or ${mailboxes.leaseUntil} < now())`;
      const readable = and(byId(id), eq(mailboxes.status, 'connected'), eq(mailboxes.paused, false));
      const [row] = await tx
        .update(mailboxes)
        .set({ leaseHolder: holder, leaseUntil: sql`now() + ${LEASE}`, syncAgain: false })
        .where(and(readable, free))
        .returning();
      if (row !== undefined) return toRow(row);
      await tx.update(mailboxes).set({ syncAgain: true }).where(readable);
      return null;
    },

    async renewLease(id, holder) {
      await tx
        .update(mailboxes)
        .set({ leaseUntil: sql`now() + ${LEASE}` })
        .where(heldBy(id, holder));
    },

    async waitForQuota(id, holder, until) {
      const time = sql`${until.toISOString()}::timestamptz`;
      await tx
        .update(mailboxes)
        .set({ ...FREE, quotaUntil: until, nextSyncAt: sql`least(${time}, ${soon(QUOTA_LOOK_SECONDS)})` })
        .where(heldBy(id, holder));
    },

    async releaseLease(id, holder) {
      const [held] = await tx
        .select({ again: mailboxes.syncAgain })
        .from(mailboxes)
        .where(heldBy(id, holder))
        .for('update');
      if (held !== undefined) await tx.update(mailboxes).set(FREE).where(heldBy(id, holder));
      return { again: held?.again === true };
    },

    async finishPage(id, holder, done) {
      const { scanned, setAside, handled, backfillTotal, nextSyncSeconds, lastMessageAt, ...rest } = done;
      const [held] = await tx
        .select({ again: mailboxes.syncAgain, ownerId: mailboxes.ownerId })
        .from(mailboxes)
        .where(and(heldBy(id, holder), eq(mailboxes.status, 'connected')))
        .for('update');
      if (held === undefined) return null;
      const rate = sql`${handled}::real / greatest(extract(epoch from clock_timestamp() - ${mailboxes.pacedAt}), 0.01)::real`;
      await tx
        .update(mailboxes)
        .set({
          ...storable(rest),
          ...FREE,
          ...HEALTHY,
          ...(backfillTotal === null ? {} : { backfillTotal }),
          scanned: sql`${mailboxes.scanned} + ${scanned}`,
          setAside: sql`${mailboxes.setAside} + ${setAside}`,
          lastMessageAt: sql`greatest(${mailboxes.lastMessageAt}, ${lastMessageAt?.toISOString() ?? null}::timestamptz)`,
          syncedAt: sql`now()`,
          nextSyncAt: soon(nextSyncSeconds),
          ...(handled === 0
            ? {}
            : {
                pace: sql`case when ${mailboxes.pacedAt} > now() - interval '30 seconds'
                  then coalesce(0.7 * ${mailboxes.pace} + 0.3 * ${rate}, ${rate}) end`,
                pacedAt: sql`clock_timestamp()`,
              }),
        })
        .where(heldBy(id, holder));
      return held;
    },

    async recordFault(id, holder, fault, nextSyncSeconds) {
      await tx
        .update(mailboxes)
        .set({
          ...{ ...FREE, fault, failures: sql`${mailboxes.failures} + 1`, nextSyncAt: soon(nextSyncSeconds) },
          faultSince: sql`coalesce(${mailboxes.faultSince}, now())`,
        })
        .where(heldBy(id, holder));
    },

    async startOver(id, holder) {
      await tx
        .update(mailboxes)
        .set({ ...FREE, cursor: null, backfill: 'running', backfillPage: null, backfillTotal: null, backfillSeen: 0 })
        .where(heldBy(id, holder));
    },

    async announce(id) {
      await tx.execute(sql`select pg_notify(${MAILBOX_CHANNEL}, ${`${tenant} ${id}`})`);
    },
  };
}

function toRow(row: typeof mailboxes.$inferSelect): MailboxRow {
  const { mailboxId, tenantId: _tenant, pace, pacedAt, nextSyncAt: _next, pushRenewAt: _renew, ...rest } = row;
  const { leaseHolder: _holder, leaseUntil: _until, syncAgain: _again, personSince: _since, ...shown } = rest;
  const recent = pacedAt !== null && Date.now() - pacedAt.getTime() < 60_000;
  return { ...shown, id: mailboxId, pace: recent ? pace : null };
}
