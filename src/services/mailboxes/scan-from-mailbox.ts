import { setMaxListeners } from 'node:events';
import { PosternError } from '../../errors.js';
import type { MailboxRow } from '../../store/interfaces/mailbox-rows.js';
import type { ScanRow, TenantDb } from '../../store/store.js';
import { keyOf } from '../api-keys/key-of.js';
import { actorOf } from '../context.js';
import type { MemberContext } from '../context.js';
import { authorize } from '../permissions.js';
import { quotaExceeded } from '../plans/get-plan.js';
import { reserve } from '../scans/submission/reserve.js';
import { toStoredScan, toSummary } from '../scans/stored-scan.js';
import type { ScanSummary, StoredScan } from '../scans/stored-scan.js';
import { profileOf } from '../scans/tenant-profile.js';
import { requireOwn, toRefusal } from './find-mailbox.js';
import { createHistories } from './sync/histories.js';
import { scanRaw } from './sync/scan-page.js';
import { storeScans } from './sync/store-page.js';

/** Messages of one request in memory at once. */
const AT_ONCE = 8;

interface Picked {
  readonly mailboxId: string;
  readonly signal: AbortSignal;
}

/** Scans one message of the member's own mailbox; one that was scanned keeps its verdict. */
export async function scanFromMailbox(call: {
  readonly ctx: MemberContext;
  readonly input: Picked & { readonly messageId: string };
}): Promise<StoredScan> {
  const { ctx, input } = call;
  authorize(ctx, 'scan.create');
  authorize(ctx, 'mailbox.browse');
  const mailbox = await requireOwn(ctx, input.mailboxId);
  return toStoredScan(await scanPicked(ctx, mailbox, input.messageId, input.signal));
}

export interface BatchItem {
  readonly message_id: string;
  readonly scan: ScanSummary | null;
  /** Why there is none. */
  readonly problem: { readonly code: string; readonly detail: string } | null;
}

/** The same for several, in their order; what fails for one is told with it and stops no other. */
export async function scanBatchFromMailbox(call: {
  readonly ctx: MemberContext;
  readonly input: Picked & { readonly messageIds: readonly string[] };
}): Promise<readonly BatchItem[]> {
  const { ctx, input } = call;
  authorize(ctx, 'scan.create');
  authorize(ctx, 'mailbox.browse');
  const mailbox = await requireOwn(ctx, input.mailboxId);
  setMaxListeners(AT_ONCE * 4, input.signal);
  const items: BatchItem[] = [];
  const troubles: PosternError[] = [];
  const waiting = [...input.messageIds.entries()];
  async function work(): Promise<void> {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [position, id] = next;
      items[position] = await scanPicked(ctx, mailbox, id, input.signal).then(
        (row): BatchItem => ({ message_id: id, scan: toSummary(row), problem: null }),
        (error: unknown): BatchItem => {
          if (!(error instanceof PosternError) || !isOfOne(error)) throw error;
          if (error.status >= 500) troubles.push(error);
          return { message_id: id, scan: null, problem: { code: error.code, detail: error.message } };
        },
      );
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  const [trouble] = troubles;
  // Nothing but trouble: then it is not about one message.
  if (trouble !== undefined && troubles.length === items.length) throw trouble;
  return items;
}

/** What may be about one message: also a provider that does not give just this one, or a queue that was full for a moment. */
function isOfOne({ code, status }: PosternError): boolean {
  return status < 500 || code === 'mailbox.unreachable' || code === 'scan.queue-full';
}

async function scanPicked(
  ctx: MemberContext,
  mailbox: MailboxRow,
  messageId: string,
  signal: AbortSignal,
): Promise<ScanRow> {
  const { store, keys, mailboxes, trustedAuthservIds } = ctx.parts;
  const { tenantId } = ctx.identity;
  const before = await store.withTenant(tenantId, actorOf(ctx), async (db) => {
    const scan = await stored(db, mailbox.id, messageId);
    if (scan !== null) return { scan };
    const [tenant, llm, reserved] = await Promise.all([
      db.profile.get(),
      db.llm.effective(mailbox.id),
      reserve(db, ctx),
    ]);
    return { tenant, llm, reserved };
  });
  if ('scan' in before) return before.scan;
  try {
    const ref = { id: messageId, folder: '' };
    const raw = await mailboxes.connectors.use(tenantId, mailbox, (connector) => connector.fetch(ref, signal));
    const setting = {
      histories: createHistories(store, tenantId),
      ...{ profile: profileOf(before.tenant, trustedAuthservIds), dataKey: await keys.dataKey(tenantId) },
      ...{ tenantId, mailbox, llm: before.llm, reservation: before.reserved },
    };
    const scanned = await scanRaw(ctx.parts, setting, raw, signal);
    return await store.withTenant(tenantId, actorOf(ctx), async (db) => {
      const fresh = await storeScans(db, mailbox, [{ ...scanned, ref: { id: messageId } }]);
      await db.messages.takeBack(mailbox.id, messageId);
      const known = await stored(db, mailbox.id, messageId);
      // Read before the mailbox was the member's: that verdict is the organisation's, this one becomes theirs.
      const row = known ?? (await db.scans.insert(scanned.id, scanned.expiresAt, scanned.scan, scanned.sealed));
      if (fresh > 0 || known === null) {
        if (!(await db.plan.spend())) throw quotaExceeded(await db.plan.get());
        const details = { source: 'mailbox', label: row.label, ...keyOf(ctx) };
        await db.audit.append({ action: 'scan.created', target: row.id, outcome: 'succeeded', details });
      }
      return row;
    });
  } catch (error) {
    throw toRefusal(error);
  }
}

async function stored(db: TenantDb, mailboxId: string, messageId: string): Promise<ScanRow | null> {
  const known = (await db.messages.byId(mailboxId, [messageId])).get(messageId);
  return known === undefined ? null : await db.scans.get(known.scanId);
}
