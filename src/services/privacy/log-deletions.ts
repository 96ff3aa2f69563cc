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
      const at = now();
      const scans = await db.erasure.takeDeletedScans(AT_ONCE);
      if (scans.length === 0) return 0;
      await deletions.scans.append(scans, at);
      await db.erasure.markLogged(at, 0);
      return scans.length;
    });
    if (written < AT_ONCE) return;
  }
}

/** Removes from the log what names scans that have expired in every copy of the database, however old. */
export async function forgetDeletions({
  deletions,
  log,
  now,
}: Pick<Parts, 'deletions' | 'log' | 'now'>): Promise<void> {
  const months = await deletions.scans.forget(new Date(now().getTime() - LONGEST_MS));
  if (months > 0) log.info({ months }, 'months of deleted scans removed from the log of deletions');
}
