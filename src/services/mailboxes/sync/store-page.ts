import { PosternError } from '../../../errors.js';
import type { MailboxRow } from '../../../store/interfaces/mailbox-rows.js';
import type { TenantDb, TenantId } from '../../../store/store.js';
import { receiveReports } from '../../abuse/receive-reports.js';
import type { Parts } from '../../context.js';
import { SYNC_ACTOR } from './actor.js';
import { lookDelay } from './back-off.js';
import { queueHandOver } from './hand-over-scans.js';
import type { Page } from './choose-page.js';
import type { Outcome, ScannedMessage, ScannedPage } from './scan-page.js';

/** Another worker reads the mailbox now, or it was disconnected: nothing of this page is stored. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}

/** Somebody else has taken the scans this page needed from the plan: nothing of it is stored, and it is read again. */
export class ScansGone extends Error {
  override readonly name = 'ScansGone';
}

type Scanned = Extract<Outcome, { kind: 'scanned' }>;

/** Stores a page and moves the cursor in one transaction. A message that the database refuses is set aside; the rest goes on. */
export async function storePage(
  parts: Parts,
  tenantId: TenantId,
  mailbox: MailboxRow,
  holder: string,
  page: Page,
  { outcomes, complete }: ScannedPage,
): Promise<void> {
  const reached = complete ? page : { ...page, ...whereItStood(mailbox, page), more: true };
  try {
    await store(parts, tenantId, mailbox, holder, reached, outcomes);
  } catch (error) {
    if (error instanceof LeaseLost || error instanceof ScansGone) throw error;
    if (error instanceof PosternError && error.code === 'database.unavailable') throw error;
    parts.log.warn({ err: error, mailbox: mailbox.id }, 'a page was refused; its messages are stored one by one');
    await store(parts, tenantId, mailbox, holder, reached, await sortOut(parts, tenantId, mailbox, outcomes));
  }
}

/** The rest of the page comes again: nothing moves on. */
function whereItStood({ cursor, backfill, backfillPage }: MailboxRow, page: Page): Partial<Page> {
  return { cursor: cursor ?? page.cursor, backfill, backfillPage };
}

async function store(
  { store: database }: Parts,
  tenantId: TenantId,
  mailbox: MailboxRow,
  holder: string,
  page: Page,
  outcomes: readonly Outcome[],
): Promise<void> {
  await database.withTenant(tenantId, SYNC_ACTOR, async (db) => {
    const scanned = outcomes.filter((outcome) => outcome.kind === 'scanned');
    const setAside = await setAsideIn(db, mailbox, outcomes);
    const quiet = page.kind === 'nothing' ? mailbox.quietLooks + 1 : 0;
    const stored = await storeScans(db, mailbox, scanned);
    // What is in their mailbox and was read before it was theirs. Of a page on which all is new there is none.
    const known = outcomes.filter(({ kind }) => kind === 'passed-over' || stored < scanned.length);
    if (mailbox.ownerId !== null)
      await db.messages.claim(
        mailbox.id,
        known.map(({ ref }) => ref.id),
      );
    const finished = await db.mailboxes.finishPage(mailbox.id, holder, {
      ...{
        cursor: page.cursor,
        backfill: page.backfill,
        backfillPage: page.backfillPage,
        backfillTotal: page.backfillTotal,
      },
      backfillSeen: mailbox.backfillSeen + (page.kind === 'backfill' && !page.more ? page.messages.length : 0),
      ...{ scanned: stored, setAside, handled: page.messages.length, quietLooks: quiet },
      lastMessageAt: newest(outcomes),
      nextSyncSeconds: lookDelay(quiet),
    });
    // Everything above is undone with it.
    if (finished === null) throw new LeaseLost();
    // It came to a person while it was read.
    if (finished.ownerId !== mailbox.ownerId) await queueHandOver(db, mailbox.id);
    if (mailbox.abuseSince !== null) await receiveReports(db, mailbox, page.messages);
    await queueNext(db, mailbox.id, page, finished.again);
    await db.mailboxes.announce(mailbox.id);
    // Last: the tenant's count is held until the end of the transaction.
    if (!(await db.plan.spendAll(stored))) throw new ScansGone();
  });
}

/** New messages at once; old ones when nobody has anything more urgent, so that one large mailbox delays no other. */
async function queueNext(db: TenantDb, id: string, page: Page, again: boolean): Promise<void> {
  if (page.more || again) await db.enqueue('sync-mailbox', { mailbox_id: id }, { key: id });
  if (page.backfill === 'running') {
    await db.enqueueLater('sync-mailbox', { mailbox_id: id }, { key: `${id}:backfill`, rank: 10 });
  }
}

/** How many of them are new. What has the bytes of a known message is that message, moved or numbered anew. */
export async function storeScans(
  db: TenantDb,
  mailbox: Pick<MailboxRow, 'id' | 'ownerId'>,
  scanned: readonly (ScannedMessage & { readonly ref: { readonly id: string } })[],
): Promise<number> {
  const before = await db.messages.byContent(
    mailbox.id,
    scanned.map(({ sha256 }) => sha256),
  );
  const first = new Map(scanned.toReversed().map((entry) => [entry.sha256, entry]));
  const entries = scanned.map(({ ref, sha256, id, expiresAt }) => {
    const same = before.get(sha256) ?? { scanId: first.get(sha256)?.id ?? id, expiresAt };
    return { id: ref.id, sha256, scanId: same.scanId, expiresAt: same.expiresAt };
  });
  const added = await db.messages.add(mailbox, entries);
  const fresh = scanned.filter(
    (entry) => added.has(entry.ref.id) && !before.has(entry.sha256) && first.get(entry.sha256) === entry,
  );
  await db.scans.insertAll(fresh);
  await db.senders.count(fresh.flatMap(({ sender }) => (sender === null ? [] : [sender])));
  return fresh.length;
}

async function setAsideIn(db: TenantDb, mailbox: MailboxRow, outcomes: readonly Outcome[]): Promise<number> {
  const entries = outcomes.flatMap((outcome) =>
    outcome.kind === 'set-aside'
      ? [
          {
            ...{ messageId: outcome.ref.id, folder: outcome.ref.folder, reason: outcome.reason },
            receivedAt: outcome.ref.receivedAt ?? null,
          },
        ]
      : [],
  );
  return await db.messages.setAside(mailbox, entries);
}

/** Each in a transaction of its own: what is refused there is the culprit. */
async function sortOut(
  { store: database }: Parts,
  tenantId: TenantId,
  mailbox: MailboxRow,
  outcomes: readonly Outcome[],
): Promise<readonly Outcome[]> {
  const sorted: Outcome[] = [];
  for (const outcome of outcomes) {
    if (outcome.kind !== 'scanned') sorted.push(outcome);
    else sorted.push(await tryOne(database, tenantId, mailbox, outcome));
  }
  return sorted;
}

async function tryOne(
  database: Parts['store'],
  tenantId: TenantId,
  mailbox: MailboxRow,
  outcome: Scanned,
): Promise<Outcome> {
  const undo = new Error('only tried');
  try {
    await database.withTenant(tenantId, SYNC_ACTOR, async (db) => {
      await storeScans(db, mailbox, [outcome]);
      throw undo;
    });
  } catch (error) {
    if (error !== undo && error instanceof PosternError && error.code === 'database.unavailable') throw error;
    if (error !== undo) return { kind: 'set-aside', ref: outcome.ref, reason: 'Its verdict could not be stored.' };
  }
  return outcome;
}

function newest(outcomes: readonly Outcome[]): Date | null {
  const times = outcomes.flatMap(({ ref }) => (ref.receivedAt === undefined ? [] : [ref.receivedAt.getTime()]));
  return times.length === 0 ? null : new Date(Math.max(...times));
}
