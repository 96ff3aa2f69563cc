import { randomBytes } from 'node:crypto';
import type { Sql } from 'postgres';
import type { MemberContext } from '../../../src/services/context.js';
import { connectImap } from '../../../src/services/mailboxes/connect-imap.js';
import type { MailboxView } from '../../../src/services/mailboxes/mailbox-view.js';
import { syncMailbox } from '../../../src/services/mailboxes/sync/sync-mailbox.js';
import type { MailboxRow } from '../../../src/store/interfaces/mailbox-rows.js';
import type { Dovecot } from '../../helpers/dovecot.js';

/** What somebody enters to connect a mailbox of the test's Dovecot. */
export function loginOf(dovecot: Dovecot, user: string, password = 'secret') {
  return { host: '127.0.0.1', port: dovecot.port, security: 'plain', user, password } as const;
}

export function newUser(dovecot: Dovecot): string {
  const user = `u${randomBytes(6).toString('hex')}`;
  dovecot.addUser(user);
  return user;
}

export async function connectMailbox(
  ctx: MemberContext,
  dovecot: Dovecot,
  options: { readonly user?: string; readonly backfillDays?: number | null } = {},
): Promise<MailboxView & { readonly user: string }> {
  const user = options.user ?? newUser(dovecot);
  const { backfillDays = null } = options;
  const input = { address: `${user}@example.test`, ...loginOf(dovecot, user), backfillDays };
  return { ...(await connectImap({ ctx, input })), user };
}

export function rowOf(ctx: MemberContext, id: string): Promise<MailboxRow> {
  return ctx.parts.store.withTenant(ctx.identity.tenantId, { kind: 'worker', job: 'test' }, async (db) => {
    const row = await db.mailboxes.get(id);
    if (row === null) throw new Error('no such mailbox');
    return row;
  });
}

/** Pages until there is nothing left to read, as the jobs would. */
export async function syncToTheEnd(ctx: MemberContext, mailboxId: string): Promise<MailboxRow> {
  const { tenantId } = ctx.identity;
  for (let rounds = 0; rounds < 100; rounds += 1) {
    const before = await rowOf(ctx, mailboxId);
    await syncMailbox(ctx.parts, { tenantId, mailboxId });
    const after = await rowOf(ctx, mailboxId);
    if (after.status !== 'connected' || after.paused || after.fault !== null) return after;
    const still = after.cursor === before.cursor && after.backfillPage === before.backfillPage;
    if (still && after.backfill === 'done' && before.backfill === 'done') return after;
  }
  throw new Error('there was always more to read');
}

/** Every scan of the tenant's mailboxes by subject, as they are in the database. */
export async function scansBySubject(admin: Sql, tenantId: string): Promise<ReadonlyMap<string, number>> {
  const rows = await admin<
    { subject: string; count: number }[]
  >`select subject, count(*)::int as count from postern.scans
    where tenant_id = ${tenantId} and source = 'mailbox' group by subject`;
  return new Map(rows.map(({ subject, count }) => [subject, count]));
}
