import type { ScanRow, TenantDb, UserId } from '../../store/store.js';

const HARMLESS: readonly string[] = ['safe', 'spam'];
const DANGEROUS: readonly string[] = ['suspicious', 'phishing', 'malware'];

/**
 * Notes in the rescan's own transaction that a message which had been let through turned out dangerous; a later rescan that finds it
 * harmless again takes the note back. What was `incomplete` had never been called safe.
 */
export async function noteRescan(db: TenantDb, userId: UserId, before: ScanRow, after: ScanRow): Promise<void> {
  if (HARMLESS.includes(after.label)) await db.feedback.remove(after.id, 'rescan');
  if (!HARMLESS.includes(before.label) || !DANGEROUS.includes(after.label)) return;
  const { label: labelBefore } = before;
  await db.feedback.put(after.id, { userId, source: 'rescan', kind: 'missed-threat', comment: '', labelBefore });
}
