import type { MailboxRow } from '../../store/interfaces/mailbox-rows.js';
import type { ReportAnswer, ReportRow } from '../../store/interfaces/reports.js';
import type { TenantDb, UserId } from '../../store/store.js';
import type { ScannedReport } from './scan-reported.js';

/** Two machines that answer each other end here. */
const MOST_AN_HOUR = 10;

export interface Reporter {
  readonly name: string;
  /** Lower case; '' where there is none. */
  readonly address: string;
  /** The member it is, unless somebody else seems to have written in their name. */
  readonly memberId: UserId | null;
  /** 'sent': an answer may go out. */
  readonly answer: ReportAnswer;
}

/**
 * Who reported, and whether they hear what was found: people do, machines and lists never; people of the organisation unless the mail is
 * proven not to be theirs; others only where that was allowed, and only when it is proven to be theirs.
 */
export async function mayAnswer(
  db: TenantDb,
  mailbox: MailboxRow,
  row: ReportRow,
  { report, authentication, domains }: ScannedReport,
): Promise<Reporter> {
  const address = report.reporter?.address.toLowerCase() ?? '';
  const domain = report.reporter?.domain ?? '';
  const forged = authentication.dmarc.result === 'fail';
  const member = address === '' ? null : await db.members.byAddress(address);
  const inside = member !== null || domains.some((own) => domain === own || domain.endsWith(`.${own}`));
  const reporter = { name: report.reporter?.name ?? '', address, memberId: forged ? null : member };
  const because = (answer: ReportAnswer): Reporter => ({ ...reporter, answer });

  if (address === '') return because('no-address');
  if (report.automation !== null) return because(report.automation === 'list' ? 'list' : 'automatic');
  if (address === mailbox.address.toLowerCase()) return because('own');
  // What was there when the mailbox became one for reports was sent to somebody else.
  if (mailbox.abuseSince === null || row.receivedAt < mailbox.abuseSince) return because('older');
  if (mailbox.abuseAnswers === 'nobody') return because('off');
  if (!inside && mailbox.abuseAnswers !== 'anyone') return because('outside');
  if (forged || (!inside && !authentication.aligned)) return because('unproven');
  if ((await db.reports.answersLately(address)) >= MOST_AN_HOUR) return because('too-many');
  return because('sent');
}
