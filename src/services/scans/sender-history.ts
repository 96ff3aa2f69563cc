import { createHmac } from 'node:crypto';
import { deriveKey } from '../../crypto/derive.js';
import type { KeyStore } from '../../crypto/key-store.js';
import type { SenderHistory } from '../../scanners/scanner.js';
import type { ScanRow, TenantDb, TenantId } from '../../store/store.js';

/** Uploads say nothing about who writes to whom, so nobody keeps count of their senders. */
export const NO_HISTORY: SenderHistory = { messages: null, firstSeen: null };

/** Where a message comes from that somebody really sent to the tenant just now. */
const LIVE: readonly ScanRow['source'][] = ['mailbox', 'checkv2'];

export function isLive(source: ScanRow['source']): boolean {
  return LIVE.includes(source);
}

/**
 * What the database knows a sender by: whoever has not got the tenant's key learns nothing from it, and destroying the key makes the
 * whole history meaningless. Null where there is no address.
 */
export async function senderDigest(keys: KeyStore, tenant: TenantId, address: string): Promise<Uint8Array | null> {
  if (address === '') return null;
  const key = deriveKey(await keys.dataKey(tenant), 'sender-history');
  return createHmac('sha256', key).update(address.toLowerCase()).digest();
}

/** What the scanners may know of a sender. */
export async function readHistory(db: TenantDb, digest: Uint8Array | null): Promise<SenderHistory> {
  if (digest === null) return NO_HISTORY;
  const known = await db.senders.find(digest);
  return { messages: known?.messages ?? 0, firstSeen: known?.firstSeen.toISOString() ?? null };
}
