import { expiryDay, isoDay } from '../../store/tables/scans/scan-id.js';
import type { Parts } from '../context.js';

const AT_ONCE = 5000;
const DAY_MS = 86_400_000;
/** Of the longest retention there is, and a day for clocks that differ. */
const LONGEST_MS = 366 * DAY_MS;

/**
 * Writes single scans that were deleted to the log of deletions, all that wait with one way to the disk. Written before it is committed
 * that they are: a crash in between writes them twice, and twice is once.
 */
export async function logDeletions({
  store,
  deletions,
  now,
}: Pick<Parts, 'store' | 'deletions' | 'now'>): Promise<void> {
  for (;;) {
    const written = await store.withSystem('erasure', async (db) => {
      const scans = await db.erasure.takeDeletedScans(AT_ONCE);
      if (scans.length === 0) return 0;
      // Never before the mark, which every copy of the database made until now has at most: one put back finds all that came after it,
      // however wrong the clock is.
      const [mark, clock] = [await db.erasure.loggedUntil(), now()];
      const at = mark !== null && mark > clock ? mark : clock;
      await deletions.scans.append(scans, at);
      await db.erasure.markLogged(at, 0);
      return scans.length;
    });
    if (written < AT_ONCE) return;
  }
}

/**
 * Removes from the log what names scans that have expired in every copy of the database, however old. By the earlier of the clock and the
 * mark, so that a clock set ahead removes nothing, and never what names a scan that would not have expired by then.
 */
export async function forgetDeletions({
  store,
  deletions,
  log,
  now,
}: Pick<Parts, 'store' | 'deletions' | 'log' | 'now'>): Promise<void> {
  const mark = await store.withSystem('erasure', (db) => db.erasure.loggedUntil());
  if (mark === null) return;
  const until = Math.min(now().getTime(), mark.getTime());
  const gone = isoDay(new Date(until - DAY_MS));
  const months = await deletions.scans.forget(new Date(until - LONGEST_MS), (id) => (expiryDay(id) ?? gone) < gone);
  if (months > 0) log.info({ months }, 'months of deleted scans removed from the log of deletions');
}
