import type { Label } from '../../scanners/verdict.js';
import type {
  ReportAnswer,
  ReportDecision,
  ReportGroupRow,
  ReportKind,
  ReportRow,
} from '../../store/interfaces/reports.js';
import type { ScanRow, TenantDb } from '../../store/store.js';

export interface ReporterView {
  readonly name: string;
  readonly address: string;
  /** Null where it is no member of the organisation. */
  readonly member_id: string | null;
}

export interface ReportView {
  readonly id: string;
  readonly mailbox_id: string;
  readonly received_at: string;
  readonly status: Exclude<ReportRow['status'], 'repeated'>;
  readonly reason: string | null;
  /** Null where nobody has read it yet. */
  readonly reporter: ReporterView | null;
  readonly answer: ReportAnswer | null;
}

export interface ReportGroupView {
  readonly id: string;
  readonly subject: string;
  readonly from: { readonly name: string; readonly address: string };
  /** Of the message that was reported last. */
  readonly label: Label;
  readonly score: number;
  readonly state: 'open' | 'resolved';
  readonly decision: ReportDecision | null;
  readonly words: string;
  readonly resolved_at: string | null;
  readonly first_at: string;
  readonly last_at: string;
  readonly reports: number;
  readonly reporters: number;
}

export interface GroupedReportView extends ReportView {
  readonly kind: ReportKind;
  /** Null where the verdict has expired or was deleted. */
  readonly scan: { readonly id: string; readonly label: Label; readonly score: number } | null;
}

export function toReportView(row: ReportRow): ReportView {
  const known = row.status === 'done';
  return {
    ...{ id: row.id, mailbox_id: row.mailboxId, received_at: row.receivedAt.toISOString() },
    ...{ status: row.status === 'repeated' ? ('done' as const) : row.status, reason: row.reason, answer: row.answer },
    reporter: known ? { name: row.reporterName, address: row.reporterAddress, member_id: row.ownerId } : null,
  };
}

export function toGroupView(row: ReportGroupRow): ReportGroupView {
  return {
    ...{ id: row.id, subject: row.subject, from: { name: row.fromName, address: row.fromAddress } },
    ...{ label: row.label as Label, score: row.score, state: row.state, decision: row.decision, words: row.words },
    resolved_at: row.resolvedAt?.toISOString() ?? null,
    ...{ first_at: row.createdAt.toISOString(), last_at: row.lastAt.toISOString() },
    ...{ reports: row.reports, reporters: row.reporters },
  };
}

/** Verdicts that are still there, by id. */
export async function verdictsOf(db: TenantDb, ids: readonly string[]): Promise<ReadonlyMap<string, ScanRow>> {
  const rows = await Promise.all([...new Set(ids)].map((id) => db.scans.get(id)));
  return new Map(rows.flatMap((row) => (row === null ? [] : [[row.id, row] as const])));
}
