import type { WrongVerdict } from '../../store/interfaces/feedback.js';
import type { ScanRow, TenantDb } from '../../store/store.js';
import type { Label } from '../../scanners/verdict.js';

const SHOWN = 20;

export interface WrongVerdicts {
  /** Messages that were let through and are dangerous, as people or a later scan say. */
  readonly missed: number;
  readonly falseAlarms: number;
  /** Days (YYYY-MM-DD, UTC) on which any was first noticed, oldest first. */
  readonly days: readonly { readonly day: string; readonly missed: number; readonly falseAlarms: number }[];
  /** The newest first, at most twenty. */
  readonly items: readonly WrongMessage[];
}

export interface WrongMessage extends Omit<WrongVerdict, 'labelBefore'> {
  readonly labelBefore: Label;
  readonly labelNow: Label;
  readonly subject: string;
  readonly from: string;
  /** It came into a connected mailbox: somebody could have read it. */
  readonly delivered: boolean;
}

/** Where verdicts were wrong since a moment, as far as the actor sees. */
export async function wrongVerdicts(db: TenantDb, since: Date): Promise<WrongVerdicts> {
  const counts = await db.feedback.countsByDay(since);
  const days = new Map<string, { day: string; missed: number; falseAlarms: number }>();
  for (const { day, kind, count } of counts) {
    const entry = days.get(day) ?? { day, missed: 0, falseAlarms: 0 };
    days.set(day, kind === 'missed-threat' ? { ...entry, missed: count } : { ...entry, falseAlarms: count });
  }
  const items: WrongMessage[] = [];
  for (const entry of await db.feedback.newest(since, SHOWN)) {
    const scan = await db.scans.get(entry.scanId);
    if (scan !== null) items.push(toMessage(entry, scan));
  }
  const sum = (kind: string) => counts.reduce((total, row) => total + (row.kind === kind ? row.count : 0), 0);
  return { missed: sum('missed-threat'), falseAlarms: sum('false-alarm'), days: [...days.values()], items };
}

function toMessage(entry: WrongVerdict, scan: ScanRow): WrongMessage {
  return {
    ...entry,
    labelBefore: entry.labelBefore as Label,
    labelNow: scan.label as Label,
    subject: scan.subject,
    from: scan.fromAddress,
    delivered: scan.source === 'mailbox',
  };
}
