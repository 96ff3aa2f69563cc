import { createHash } from 'node:crypto';
import { ConnectorFault } from '../../connectors/connector.js';
import { PosternError } from '../../errors.js';
import type { MailboxRow } from '../../store/interfaces/mailbox-rows.js';
import type { ReportRow } from '../../store/interfaces/reports.js';
import type { TenantDb, TenantId } from '../../store/store.js';
import type { Parts } from '../context.js';
import { isUsedUp } from '../plans/get-plan.js';
import { answerReporter } from './answer-reporter.js';
import { groupMessage } from './group-message.js';
import { mayAnswer } from './may-answer.js';
import { REPORT_ACTOR, scanReported } from './scan-reported.js';
import type { ScannedReport } from './scan-reported.js';
import { tooFewScans } from './too-few-scans.js';

const PATIENCE_MS = 10 * 60_000;
/** Until a report is looked at again that finds the month used up, or the mailbox paused or not to be read. */
const WAIT_SECONDS = 600;
/** Longer than the month until a plan has scans again; whatever it waits for has not come by then. */
const LONGEST_WAIT_DAYS = 60;
const DAY_MS = 86_400_000;

/**
 * Takes one report apart: fetches it, scans what was reported, puts it in a group and answers whoever reported. Verdicts, group and
 * answer are stored in one transaction; run again after a kill, it does all of it once.
 */
export async function takeReport(
  parts: Parts,
  input: { readonly tenantId: TenantId; readonly reportId: string },
): Promise<void> {
  const { store, mailboxes, log } = parts;
  const { tenantId, reportId } = input;
  const run = <T>(work: (db: TenantDb) => Promise<T>): Promise<T> => store.withTenant(tenantId, REPORT_ACTOR, work);
  const begun = await run(async (db) => {
    const row = await db.reports.get(reportId);
    if (row?.status !== 'waiting') return null;
    return { row, mailbox: await db.mailboxes.get(row.mailboxId), plan: await db.plan.get() };
  });
  if (begun === null) return;
  const { row, mailbox, plan } = begun;
  if (mailbox === null || mailbox.status === 'disconnected') {
    await run((db) => db.reports.close(row.id, 'gone', 'The mailbox was disconnected before this was read.'));
    return;
  }
  const wait = (reason: string): Promise<void> => run((db) => waitOrEnd(db, row, reason, parts.now()));
  const lacksScans = ({ details, message }: PosternError): Promise<void> =>
    details['lasting'] === true ? run((db) => db.reports.close(row.id, 'failed', message)) : wait(message);
  // Before anything is fetched: what could not be stored is not scanned, and what is paused is not read.
  const hindrance = isUsedUp(plan) ? tooFewScans(plan, null) : hindranceOf(mailbox);
  if (hindrance !== null) {
    await (hindrance instanceof PosternError ? lacksScans(hindrance) : wait(hindrance));
    return;
  }
  const signal = AbortSignal.timeout(PATIENCE_MS);
  try {
    const raw = await mailboxes.connectors.use(tenantId, mailbox, (connector) =>
      connector.fetch({ id: row.messageId, folder: '' }, signal),
    );
    const scanned = await scanReported(parts, { tenantId, mailbox }, raw.bytes, signal);
    await run((db) => keep(parts, db, { row, mailbox, scanned, raw: raw.bytes }));
  } catch (error) {
    if (error instanceof PosternError && error.code === 'quota.exceeded') {
      await lacksScans(error);
      return;
    }
    const closed = closingOf(error);
    if (closed !== null) {
      if (!(error instanceof ConnectorFault)) log.warn({ err: error, report: row.id }, 'a report could not be taken');
      await run((db) => db.reports.close(row.id, closed.status, closed.reason));
      return;
    }
    if (!(error instanceof ConnectorFault)) throw error;
    // Once it can be read, the page after queues this at once.
    await wait(cannotBeRead(error.message));
  }
}

const cannotBeRead = (fault: string): string => `The mailbox cannot be read now. ${fault}`;

/** One that is down is looked at by its own schedule, not once more for each report that waits. */
function hindranceOf({ paused, status, fault }: MailboxRow): string | null {
  if (paused) return 'The mailbox is paused. It is taken apart when that ends.';
  if (status === 'connected' && fault !== null) return cannotBeRead(fault);
  return status === 'attention' ? 'The mailbox has to be connected again first.' : null;
}

async function waitOrEnd(db: TenantDb, row: ReportRow, reason: string, now: Date): Promise<void> {
  if (now.getTime() - row.notedAt.getTime() > LONGEST_WAIT_DAYS * DAY_MS) {
    await db.reports.close(row.id, 'failed', `It has waited for ${LONGEST_WAIT_DAYS} days. ${reason}`);
    return;
  }
  await db.reports.wait(row.id, reason);
  await db.enqueueLater('take-report', { report_id: row.id }, { key: row.id, seconds: WAIT_SECONDS, rank: 5 });
}

interface Taken {
  readonly row: ReportRow;
  readonly mailbox: MailboxRow;
  readonly scanned: ScannedReport;
  readonly raw: Uint8Array;
}

async function keep(parts: Parts, db: TenantDb, { row, mailbox, scanned, raw }: Taken): Promise<void> {
  // First of all: whoever waits for it takes the same locks in the same order.
  await db.reportGroups.lock();
  if ((await db.reports.lockWaiting(row.id)) === null) return;
  const sha256 = createHash('sha256').update(raw).digest('hex');
  if (await db.reports.hasContent(mailbox.id, sha256)) {
    await db.reports.close(row.id, 'repeated', null);
    return;
  }
  if (scanned.refusal !== null) {
    await db.reports.close(row.id, 'failed', scanned.refusal);
    return;
  }
  const reporter = await mayAnswer(db, mailbox, row, scanned);
  const grouped = [];
  for (const [position, message] of scanned.messages.entries()) {
    const { id, expiresAt, scan, sealed } = message.scanned;
    await db.scans.insert(id, expiresAt, { ...scan, source: 'report', ownerId: reporter.memberId }, sealed);
    const group = await groupMessage(db, message);
    const told = reporter.answer === 'sent' ? group.decision : null;
    const reported = { reportId: row.id, position, groupId: group.id, kind: message.kind, scanId: id };
    await db.reports.addMessage({ ...reported, toldDecision: told });
    grouped.push({ message, group });
  }
  await db.reports.finish(row.id, {
    ...{ ownerId: reporter.memberId, reporterName: reporter.name, reporterAddress: reporter.address },
    ...{ sha256, answer: reporter.answer },
  });
  if (reporter.answer === 'sent')
    await answerReporter(parts, db, { reporter, mailbox, report: scanned.report, grouped });
  const labels = scanned.messages.map(({ verdict }) => verdict.label).join(' ');
  await db.audit.append({
    ...{ action: 'report.received', target: row.id, outcome: 'succeeded' },
    details: { mailbox: mailbox.id, labels, answer: reporter.answer },
  });
  await db.mailboxes.announce(mailbox.id);
  // Last: the tenant's count is held until the end of the transaction.
  const needed = scanned.messages.length;
  if (!(await db.plan.spendAll(needed))) throw tooFewScans(await db.plan.get(), needed);
}

/** What a fault means for the report; null where it is worth another try. */
function closingOf(error: unknown): { readonly status: 'gone' | 'failed'; readonly reason: string } | null {
  if (error instanceof ConnectorFault) {
    if (error.kind === 'not-found') return { status: 'gone', reason: 'It was gone before it could be read.' };
    return error.kind === 'malformed' ? { status: 'failed', reason: error.message } : null;
  }
  const passing = ['database.unavailable', 'scan.queue-full', 'keys.missing'];
  if (error instanceof PosternError && passing.includes(error.code)) return null;
  if (error instanceof Error && (error.name === 'TimeoutError' || error.name === 'AbortError')) return null;
  return { status: 'failed', reason: 'Its verdict could not be stored.' };
}
