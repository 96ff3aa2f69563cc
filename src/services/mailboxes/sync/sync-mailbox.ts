import { randomUUID } from 'node:crypto';
import { ConnectorFault } from '../../../connectors/connector.js';
import type { Connector } from '../../../connectors/connector.js';
import { PosternError } from '../../../errors.js';
import type { MailboxRow } from '../../../store/interfaces/mailbox-rows.js';
import type { TenantDb, TenantId } from '../../../store/store.js';
import type { Parts } from '../../context.js';
import { isUsedUp } from '../../plans/get-plan.js';
import { SYNC_ACTOR } from './actor.js';
import { faultDelay } from './back-off.js';
import { choosePage } from './choose-page.js';
import { scanPage } from './scan-page.js';
import { LeaseLost, ScansGone, storePage } from './store-page.js';

const RENEW_MS = 10_000;
/** Longer than any page takes that goes well, also where a slow language model reads each message of it. */
const PAGE_MS = 30 * 60_000;

export interface SyncInput {
  readonly tenantId: TenantId;
  readonly mailboxId: string;
}

/**
 * Reads one page of a mailbox: new messages first, otherwise the next of those that were there before. Results and cursor are stored
 * in one transaction, which also queues the next page: after a kill the page is read again, and nothing of it is shown twice.
 */
export async function syncMailbox(parts: Parts, input: SyncInput): Promise<void> {
  const { store, mailboxes, log } = parts;
  const holder = randomUUID();
  const run = <T>(work: (db: TenantDb) => Promise<T>): Promise<T> => store.withTenant(input.tenantId, SYNC_ACTOR, work);
  const mailbox = await run((db) => leaseToRead(db, input.mailboxId, holder));
  if (mailbox === null) return;
  const renew = setInterval(() => {
    run((db) => db.mailboxes.renewLease(mailbox.id, holder)).catch((error: unknown) =>
      log.debug({ err: error, mailbox: mailbox.id }, 'a lease could not be renewed'),
    );
  }, RENEW_MS);
  try {
    await mailboxes.connectors.use(input.tenantId, mailbox, (connector) =>
      readPage(parts, input, mailbox, holder, connector),
    );
  } catch (error) {
    if (error instanceof LeaseLost) return;
    if (error instanceof ConnectorFault) {
      // The words of the server alone: what was sent to it may hold more than a log should.
      const { responseText } = (error.cause ?? {}) as { responseText?: unknown };
      log.debug({ mailbox: mailbox.id, fault: error.kind, server: responseText }, 'a mailbox could not be read');
      await answerFault(run, mailbox, holder, error);
    } else {
      const busy = error instanceof ScansGone || (error instanceof PosternError && error.code === 'scan.queue-full');
      await run(async (db) => {
        await db.mailboxes.releaseLease(mailbox.id, holder);
        if (busy)
          await db.enqueueLater('sync-mailbox', { mailbox_id: mailbox.id }, { key: mailbox.id, seconds: 2, rank: 5 });
      });
      if (!busy) throw error;
    }
  } finally {
    clearInterval(renew);
  }
}

/** Null where it is not to be read: paused, disconnected, somebody reads it, who looks once more afterwards, or the plan is used up. */
async function leaseToRead(db: TenantDb, id: string, holder: string): Promise<MailboxRow | null> {
  const mailbox = await db.mailboxes.lease(id, holder);
  if (mailbox === null) return null;
  const plan = await db.plan.get();
  if (!isUsedUp(plan)) return mailbox;
  await db.mailboxes.waitForQuota(id, holder, plan.resetsAt);
  if (mailbox.quotaUntil?.getTime() !== plan.resetsAt.getTime()) await db.mailboxes.announce(id);
  return null;
}

async function readPage(
  parts: Parts,
  input: SyncInput,
  mailbox: MailboxRow,
  holder: string,
  connector: Connector,
): Promise<void> {
  const signal = AbortSignal.timeout(PAGE_MS);
  const page = await choosePage(mailbox, connector, signal);
  const results = await scanPage(parts, input.tenantId, mailbox, connector, page.messages, signal);
  await storePage(parts, input.tenantId, mailbox, holder, page, results);
}

async function answerFault(
  run: <T>(work: (db: TenantDb) => Promise<T>) => Promise<T>,
  mailbox: MailboxRow,
  holder: string,
  fault: ConnectorFault,
): Promise<void> {
  await run(async (db) => {
    const { id } = mailbox;
    const again = (seconds: number): Promise<void> =>
      db.enqueueLater('sync-mailbox', { mailbox_id: id }, { key: id, seconds });
    switch (fault.kind) {
      case 'auth-revoked':
        // Reconnected meanwhile, it is read with the new credentials by the job that was queued then.
        if ((await db.mailboxes.get(id))?.connectedAt.getTime() !== mailbox.connectedAt.getTime()) {
          await db.mailboxes.releaseLease(id, holder);
          break;
        }
        await db.mailboxes.needsAttention(id, fault.message);
        await db.audit.append({
          ...{ action: 'mailbox.needs-attention', target: id, outcome: 'succeeded' },
          details: { reason: fault.message },
        });
        break;
      case 'cursor-expired':
        await db.mailboxes.startOver(id, holder);
        await again(0);
        break;
      case 'rate-limited':
      case 'unavailable':
      case 'not-found':
      case 'malformed': {
        const seconds = faultDelay(mailbox.failures, fault.retryAfterMs);
        await db.mailboxes.recordFault(id, holder, fault.message, seconds);
        await again(seconds);
      }
    }
    await db.mailboxes.announce(id);
  });
}
