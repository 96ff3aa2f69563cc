import { createHash } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { ConnectorFault } from '../../../connectors/connector.js';
import type { Connector, MessageRef, RawMessage } from '../../../connectors/connector.js';
import { PosternError } from '../../../errors.js';
import { readSender } from '../../../mail/read-sender.js';
import type { MailboxRow } from '../../../store/mailbox-rows.js';
import type { NewScan, TenantId } from '../../../store/store.js';
import type { LlmSettingRow } from '../../../store/tables/llm.js';
import type { Parts } from '../../context.js';
import { lookupFor } from '../../llm/lookup-for.js';
import { described, judged } from '../../scans/create-scan.js';
import type { Reservation } from '../../scans/reserve.js';
import { sealContent } from '../../scans/sealed-content.js';
import { readHistory, senderDigest } from '../../scans/sender-history.js';
import { profileOf } from '../../scans/tenant-profile.js';

/** Messages of one page in memory at once. */
const AT_ONCE = 12;
const WORKER = { kind: 'worker', job: 'sync-mailbox' } as const;

/** What became of one message of a page. */
export type Outcome =
  | ({ readonly kind: 'scanned'; readonly ref: MessageRef } & ScannedMessage)
  | { readonly kind: 'set-aside'; readonly ref: MessageRef; readonly reason: string }
  /** Known already, or gone before it could be fetched. */
  | { readonly kind: 'passed-over'; readonly ref: MessageRef };

export interface ScannedMessage extends Reservation {
  /** Of the bytes as fetched. */
  readonly sha256: string;
  readonly scan: NewScan;
  readonly sealed: Uint8Array;
  /** To be counted with it; null where it does not prove who sent it. */
  readonly sender: Uint8Array | null;
}

/** Fetches and scans what is not known yet. Throws what concerns the mailbox as a whole; what concerns one message is its outcome. */
export async function scanPage(
  parts: Parts,
  tenantId: TenantId,
  mailbox: MailboxRow,
  connector: Connector,
  refs: readonly MessageRef[],
  signal: AbortSignal,
): Promise<readonly Outcome[]> {
  if (refs.length === 0) return [];
  // Reports are taken apart by a job of their own; storing the page notes them.
  if (mailbox.abuseSince !== null) return refs.map((ref) => ({ kind: 'passed-over', ref }));
  const ids = refs.map(({ id }) => id);
  const { known, setAside, tenant, llm, reserved } = await parts.store.withTenant(tenantId, WORKER, async (db) => ({
    known: await db.messages.byId(mailbox.id, ids),
    setAside: await db.messages.setAsideIds(mailbox.id, ids),
    tenant: await db.profile.get(),
    llm: await db.llm.effective(mailbox.id),
    reserved: await db.scans.reserveIds(ids.length),
  }));
  const profile = profileOf(tenant, parts.trustedAuthservIds);
  const dataKey = await parts.keys.dataKey(tenantId);
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  setMaxListeners(AT_ONCE * 4, either);
  const outcomes: Outcome[] = [];
  const waiting = [...refs.entries()];

  async function work(): Promise<void> {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [position, ref] = next;
      const reservation = reserved[position];
      either.throwIfAborted();
      if (reservation === undefined || known.has(ref.id) || setAside.has(ref.id)) {
        outcomes.push({ kind: 'passed-over', ref });
        continue;
      }
      outcomes.push(await scanOne(ref, reservation));
    }
  }

  async function scanOne(ref: MessageRef, reservation: Reservation): Promise<Outcome> {
    try {
      const raw = await connector.fetch(ref, either);
      return {
        kind: 'scanned',
        ref: raw.ref,
        ...(await scanRaw(parts, { tenantId, profile, dataKey, mailbox, llm, reservation }, raw, either)),
      };
    } catch (error) {
      const outcome = outcomeOf(error);
      if (outcome === null) throw error;
      return { ...outcome, ref };
    }
  }

  try {
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  } catch (error) {
    stop.abort(error);
    throw error;
  }
  return outcomes;
}

export interface ScanSetting {
  readonly tenantId: TenantId;
  readonly profile: ReturnType<typeof profileOf>;
  readonly dataKey: Uint8Array;
  readonly mailbox: Pick<MailboxRow, 'id' | 'ownerId'>;
  /** What counts for the mailbox: its own setting, or the tenant's. */
  readonly llm: LlmSettingRow | null;
  readonly reservation: Reservation;
}

/** Scans one fetched message. Nothing is stored. */
export async function scanRaw(
  parts: Pick<Parts, 'pool' | 'lookup' | 'llm' | 'store' | 'keys'>,
  { tenantId, profile, dataKey, mailbox, llm, reservation }: ScanSetting,
  raw: RawMessage,
  signal: AbortSignal,
): Promise<ScannedMessage> {
  const { store, keys, pool } = parts;
  const from = await senderDigest(keys, tenantId, readSender(raw.bytes));
  const history = await store.withTenant(tenantId, WORKER, (db) => readHistory(db, from));
  const lookup = lookupFor(parts, llm, { tenantId, mailboxId: mailbox.id });
  const result = await pool.scan({
    ...{ raw: raw.bytes, tenant: profile, sender: history, signal },
    ...(lookup === undefined ? {} : { lookup }),
  });
  const { aligned, fromAddress } = result.facts;
  const whose = { ownerId: mailbox.ownerId, mailboxId: mailbox.id, source: 'mailbox' } as const;
  return {
    ...{ id: reservation.id, expiresAt: reservation.expiresAt },
    sha256: createHash('sha256').update(raw.bytes).digest('hex'),
    scan: { ...judged(result), ...described(whose, result) },
    sealed: sealContent(dataKey, reservation.id, result),
    sender: aligned ? await senderDigest(keys, tenantId, fromAddress) : null,
  };
}

/** What a fault of one message means for it; null where it is not about the message. */
function outcomeOf(
  error: unknown,
): { readonly kind: 'passed-over' } | { readonly kind: 'set-aside'; readonly reason: string } | null {
  if (error instanceof ConnectorFault && error.kind === 'not-found') return { kind: 'passed-over' };
  if (error instanceof ConnectorFault && error.kind === 'malformed')
    return { kind: 'set-aside', reason: error.message };
  if (error instanceof PosternError && error.code.startsWith('message.'))
    return { kind: 'set-aside', reason: error.message };
  return null;
}
