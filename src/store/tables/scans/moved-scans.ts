import { sql } from 'drizzle-orm';
import { expiryDay } from './scan-id.js';
import type { Transaction } from '../../session.js';
import type { TenantId } from '../../store.js';

/**
 * Tries the day that the id says, and only if nothing is there the day that the scan was moved to when the retention changed: the
 * common case costs nothing more. `attempt` returns null where it found nothing.
 */
export async function whereItIs<T>(
  tx: Transaction,
  tenant: TenantId,
  id: string,
  attempt: (day: string) => Promise<T | null>,
): Promise<T | null> {
  const day = expiryDay(id);
  if (day === null) return null;
  const found = await attempt(day);
  if (found !== null) return found;
  const [moved] = await tx.execute<{ day: string }>(sql`select to_char(expires_on, 'YYYY-MM-DD') as day
    from postern.moved_scans where tenant_id = ${tenant} and scan_id = ${id}`);
  return moved === undefined || moved.day === day ? null : await attempt(moved.day);
}
