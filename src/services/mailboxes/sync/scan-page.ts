import { createHash } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { ConnectorFault } from '../../../connectors/connector.js';
import type { Connector, MessageRef, RawMessage } from '../../../connectors/connector.js';
import { PosternError } from '../../../errors.js';
import type { MailboxRow } from '../../../store/interfaces/mailbox-rows.js';
import type { NewScan, TenantId } from '../../../store/store.js';
import type { LlmSettingRow } from '../../../store/tables/detection/llm.js';
import type { SenderMark } from '../../../store/tables/scans/sender-history.js';
import type { Parts } from '../../context.js';
import { lookupFor } from '../../llm/lookup-for.js';
import { leftIn } from '../../plans/get-plan.js';
import { described, judged } from '../../scans/submission/create-scan.js';
import type { Reservation } from '../../scans/submission/reserve.js';
import { sealContent } from '../../scans/content/sealed-content.js';
import { SYNC_ACTOR } from './actor.js';
import { createFetchAhead } from './fetch-ahead.js';
import type { Fetching } from './fetch-ahead.js';
import { createHistories } from './histories.js';
import type { Histories } from './histories.js';
import { senderMark } from '../../scans/sender-history.js';
import { profileOf } from '../../scans/tenant-profile.js';

/** Messages of one page in memory at once. */
const AT_ONCE = 12;

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
  readonly sender: SenderMark | null;
}

/** What a page's messages became. */
export interface ScannedPage {
  readonly outcomes: readonly Outcome[];
  /** False where the plan had no scan left for the rest: it is still to come. */
  readonly complete: boolean;
}

/** Fetches and scans what is not known yet. Throws what concerns the mailbox as a whole; what concerns one message is its outcome. */
export async function scanPage(
  parts: Parts,
  tenantId: TenantId,
  mailbox: MailboxRow,
  connector: Connector,
  refs: readonly MessageRef[],
  signal: AbortSignal,
): Promise<ScannedPage> {
  if (refs.length === 0) return { outcomes: [], complete: true };
  // Reports are taken apart by a job of their own; storing the page notes them.
  if (mailbox.abuseSince !== null)
    return { outcomes: refs.map((ref) => ({ kind: 'passed-over', ref })), complete: true };
  const ids = refs.map(({ id }) => id);
  // None waits for another: one way to the database and back.
  const [known, setAside, tenant, llm, reserved, plan] = await parts.store.withTenant(tenantId, SYNC_ACTOR, (db) =>
    Promise.all([
      ...([db.messages.byId(mailbox.id, ids), db.messages.setAsideIds(mailbox.id, ids)] as const),
      ...([db.profile.get(), db.llm.effective(mailbox.id), db.scans.reserveIds(ids.length), db.plan.get()] as const),
    ]),
  );
  const setting = {
    ...{ tenantId, mailbox, llm, profile: profileOf(tenant, parts.trustedAuthservIds) },
    ...{ dataKey: await parts.keys.dataKey(tenantId), histories: createHistories(parts.store, tenantId) },
  };
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  setMaxListeners(AT_ONCE * 8, either);
  const isNew = ({ id }: MessageRef): boolean => !known.has(id) && !setAside.has(id);
  const outcomes: Outcome[] = refs.filter((ref) => !isNew(ref)).map((ref) => ({ kind: 'passed-over', ref }));
  const messages = createFetchAhead(connector, refs.filter(isNew), either);
  let scansLeft = leftIn(plan);

  async function work(): Promise<void> {
    while (scansLeft > 0) {
      either.throwIfAborted();
      const next = messages.next();
      const reservation = reserved.shift();
      if (next === undefined || reservation === undefined) return;
      scansLeft -= 1;
      const outcome = await scanOne(next, reservation);
      // What became no scan is not counted.
      if (outcome.kind !== 'scanned') scansLeft += 1;
      outcomes.push(outcome);
    }
  }

  async function scanOne({ ref, raw }: Fetching, reservation: Reservation): Promise<Outcome> {
    try {
      const message = await raw;
      const scanned = await scanRaw(parts, { ...setting, reservation }, message, either);
      return { kind: 'scanned', ref: message.ref, ...scanned };
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
  return { outcomes, complete: !messages.left };
}

export interface ScanSetting {
  readonly tenantId: TenantId;
  readonly profile: ReturnType<typeof profileOf>;
  readonly dataKey: Uint8Array;
  readonly mailbox: Pick<MailboxRow, 'id' | 'ownerId'>;
  /** What counts for the mailbox: its own setting, or the tenant's. */
  readonly llm: LlmSettingRow | null;
  readonly histories: Histories;
  readonly reservation: Reservation;
}

/** Scans one fetched message. Nothing is stored. */
export async function scanRaw(
  parts: Pick<Parts, 'pool' | 'lookup' | 'llm' | 'store' | 'keys'>,
  { tenantId, profile, dataKey, mailbox, llm, histories, reservation }: ScanSetting,
  raw: RawMessage,
  signal: AbortSignal,
): Promise<ScannedMessage> {
  const { keys, pool } = parts;
  const from = await senderMark(keys, tenantId, raw.bytes);
  const history = await histories.of(from);
  const lookup = lookupFor(parts, llm, { tenantId, mailboxId: mailbox.id });
  const result = await pool.scan({
    ...{ raw: raw.bytes, tenant: profile, sender: history, signal },
    ...(lookup === undefined ? {} : { lookup }),
  });
  const { aligned } = result.facts;
  const whose = { ownerId: mailbox.ownerId, mailboxId: mailbox.id, source: 'mailbox' } as const;
  return {
    ...{ id: reservation.id, expiresAt: reservation.expiresAt },
    sha256: createHash('sha256').update(raw.bytes).digest('hex'),
    scan: { ...judged(result), ...described(whose, result) },
    sealed: sealContent(dataKey, reservation.id, result),
    sender: aligned ? from : null,
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
