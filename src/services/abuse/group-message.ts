import type { ReportGroupRow } from '../../store/interfaces/reports.js';
import type { TenantDb } from '../../store/store.js';
import { marksOf } from './marks.js';
import type { ScannedReported } from './scan-reported.js';

/** The group that a reported message belongs to: one that has the same, or a new one. The caller holds the lock of the groups. */
export async function groupMessage(db: TenantDb, message: ScannedReported): Promise<ReportGroupRow> {
  const { verdict, scanned, raw } = message;
  const marks = marksOf(raw, verdict);
  const { subject, fromName, fromAddress, label, score } = scanned.scan;
  const latest = { label, score, expiresAt: scanned.expiresAt };
  const before = await db.reportGroups.find(marks);
  const group = before ?? (await db.reportGroups.add({ subject, fromName, fromAddress, ...latest }));
  if (before !== null) await db.reportGroups.join(before.id, latest);
  await db.reportGroups.addMarks(group.id, marks);
  return group;
}
