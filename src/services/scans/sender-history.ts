import { createHash, createHmac } from 'node:crypto';
import { deriveKey } from '../../crypto/derive.js';
import type { KeyStore } from '../../crypto/key-store.js';
import { readMessageId } from '../../mail/read-message-id.js';
import { readSender } from '../../mail/read-sender.js';
import type { SenderHistory } from '../../scanners/scanner.js';
import type { ScanRow, TenantDb, TenantId } from '../../store/store.js';
import type { KnownSender, SenderMark } from '../../store/tables/scans/sender-history.js';

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
  return digest(historyKey(await keys.dataKey(tenant)), address.toLowerCase());
}

/**
 * The same for a message and its sender; null where it names none. Mail servers add fields on the way, so the message is known by its
 * Message-ID, or where it has none by its date and what follows the header.
 */
export async function senderMark(keys: KeyStore, tenant: TenantId, raw: Uint8Array): Promise<SenderMark | null> {
  const sender = readSender(raw).toLowerCase();
  if (sender === '') return null;
  const key = historyKey(await keys.dataKey(tenant));
  const name = readMessageId(raw) ?? contentDigest(raw);
  return { sender: digest(key, sender), message: digest(key, `${sender}\n${name}`).subarray(0, 16) };
}

const derived = new WeakMap<Uint8Array, Uint8Array>();

/** Kept for as long as the data key is: deriving it costs as much as reading a header. */
function historyKey(dataKey: Uint8Array): Uint8Array {
  const known = derived.get(dataKey) ?? deriveKey(dataKey, 'sender-history');
  derived.set(dataKey, known);
  return known;
}

function digest(key: Uint8Array, text: string): Uint8Array {
  return createHmac('sha256', key).update(text).digest();
}

/** However lines end. */
function contentDigest(raw: Uint8Array): string {
  const bytes = Buffer.from(raw.filter((byte) => byte !== 13));
  const end = Math.max(0, bytes.indexOf('\n\n'));
  const [date = ''] = /^date:.*$/im.exec(bytes.toString('latin1', 0, end)) ?? [];
  return createHash('sha256').update(date).update(bytes.subarray(end)).digest('hex');
}

/** What the scanners may know of a sender. */
export async function readHistory(
  db: TenantDb,
  asked: { readonly sender: Uint8Array; readonly message: Uint8Array | null } | null,
): Promise<SenderHistory> {
  if (asked === null) return NO_HISTORY;
  const [known = null] = await db.senders.find([asked]);
  return toHistory(known);
}

export function toHistory(known: KnownSender | null): SenderHistory {
  return { messages: known?.messages ?? 0, firstSeen: known?.firstSeen.toISOString() ?? null };
}
