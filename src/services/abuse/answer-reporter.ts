import type { Report } from '../../mail/report/unwrap-report.js';
import type { MailboxRow } from '../../store/interfaces/mailbox-rows.js';
import type { ReportGroupRow } from '../../store/interfaces/reports.js';
import type { TenantDb } from '../../store/store.js';
import type { Parts } from '../context.js';
import { post } from '../mail/post.js';
import { reportAnswer } from '../mail/report-letters.js';
import type { Reporter } from './may-answer.js';
import type { ScannedReported } from './scan-reported.js';

/** Tells a reporter what was found, as an answer to their mail; leaves with the transaction. */
export async function answerReporter(
  parts: Parts,
  db: TenantDb,
  answer: {
    readonly reporter: Reporter;
    readonly mailbox: MailboxRow;
    readonly report: Report;
    readonly grouped: readonly { readonly message: ScannedReported; readonly group: ReportGroupRow }[];
  },
): Promise<void> {
  const { reporter, mailbox, report, grouped } = answer;
  const facts = grouped.map(({ message, group }) => ({
    ...{ subject: message.scanned.scan.subject, label: message.verdict.label, kind: message.kind },
    from: message.scanned.scan.fromAddress === '' ? message.scanned.scan.fromName : message.scanned.scan.fromAddress,
    decision: group.decision,
  }));
  const [first] = grouped;
  const only = grouped.length === 1 ? first?.message.scanned.id : undefined;
  const open = reporter.memberId === null ? null : verdictLink(parts, only ?? null);
  const letter = reportAnswer(facts, mailbox.address, open);
  await post(parts, db, reporter.address, letter, { answerTo: report.messageId });
}

/** Where a member sees the verdict; null names several. */
export function verdictLink(parts: Pick<Parts, 'accounts'>, scanId: string | null) {
  const base = parts.accounts.publicUrl();
  return scanId === null
    ? { url: `${base}/history`, label: 'See what was found' }
    : { url: `${base}/message/${encodeURIComponent(scanId)}`, label: 'See what was found' };
}
