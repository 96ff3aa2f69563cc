import type { Envelope } from '../../mail/envelope.js';
import { readSender } from '../../mail/read-sender.js';
import type { LayerReport } from '../../scanners/verdict.js';
import type { NewScan, TenantDb } from '../../store/store.js';
import { actorOf } from '../context.js';
import type { MemberContext } from '../context.js';
import { lookupFor } from '../llm/lookup-for.js';
import { authorize } from '../permissions.js';
import { isUsedUp, quotaExceeded } from '../plans/get-plan.js';
import type { ScanResult } from '../scanning/pool.js';
import { countScan } from '../limits/limit-scan.js';
import type { WindowState } from '../limits/shared-window.js';
import { indicatorsIn } from './indicators.js';
import { recallScan, rememberScan, Repeated } from './idempotency.js';
import type { Idempotency } from './idempotency.js';
import { countSender, isLive, readHistory, senderDigest } from './sender-history.js';
import { sealContent } from './sealed-content.js';
import { toStoredScan } from './stored-scan.js';
import type { StoredScan } from './stored-scan.js';
import { profileOf } from './tenant-profile.js';
import { passingScan } from './try-scan.js';

export interface ScanInput {
  /** The message as it arrived. */
  readonly raw: Uint8Array;
  readonly source: 'upload' | 'json' | 'checkv2';
  /** What the mail server that asks knows besides. */
  readonly envelope?: Envelope;
  /** A member's own message on its way out: its sender is no correspondent. */
  readonly submitted?: boolean;
  readonly signal?: AbortSignal;
  readonly onLayer?: (report: LayerReport) => void;
  /** Whether a language model is to read it too; absent: as the settings say. */
  readonly llm?: boolean | undefined;
  /** Hears how the request stands to the limits, also when it is over one. */
  readonly onLimits?: (states: readonly WindowState[]) => void;
  /** A second request with the same key gets the scan of the first. */
  readonly idempotency?: Idempotency;
}

/** Where the scan will be found; promised before it runs. */
export interface Reservation {
  readonly id: string;
  readonly expiresAt: Date;
}

/**
 * Scans one message and stores verdict, indicators and the sealed message in one transaction. Throws `message.empty`,
 * `message.not-a-message`, `message.too-large` for what is no message, `scan.queue-full`, `quota.exceeded`, `request.rate-limited` and
 * `request.idempotency-mismatch`.
 */
export async function createScan(call: {
  readonly ctx: MemberContext;
  readonly input: ScanInput & { readonly reserved?: Reservation };
}): Promise<StoredScan> {
  const { ctx, input } = call;
  authorize(ctx, 'scan.create');
  const { store, pool, keys, trustedAuthservIds } = ctx.parts;
  const { tenantId } = ctx.identity;
  const sandbox = ctx.identity.apiKey?.sandbox === true;
  const before = sandbox || input.idempotency === undefined ? null : await recallScan(ctx, input.idempotency);
  if (before !== null) return before;
  const from = isCounted(input) && !sandbox ? await senderDigest(keys, tenantId, readSender(input.raw)) : null;
  // None waits for another: one way to the database and back.
  const [tenant, sender, setting, reserved] = await store.withTenant(tenantId, actorOf(ctx), (db) =>
    Promise.all([
      db.profile.get(),
      readHistory(db, from),
      db.llm.effective(null),
      input.reserved ?? reserve(db, ctx, input),
    ]),
  );
  const lookup = lookupFor(ctx.parts, setting, { tenantId, mailboxId: null, wanted: input.llm });
  const result = await pool.scan({
    raw: input.raw,
    tenant: profileOf(tenant, trustedAuthservIds),
    sender,
    ...(input.envelope === undefined ? {} : { envelope: input.envelope }),
    ...(lookup === undefined ? {} : { lookup }),
    ...(input.signal === undefined ? {} : { signal: input.signal }),
    ...(input.onLayer === undefined ? {} : { onLayer: input.onLayer }),
  });
  if (sandbox) return passingScan(ctx, input.source, result);
  try {
    return await storeScan(ctx, input, reserved, result);
  } catch (error) {
    const quicker = error instanceof Repeated && input.idempotency !== undefined;
    const first = quicker ? await recallScan(ctx, input.idempotency) : null;
    if (first === null) throw error;
    return first;
  }
}

/** A place in the store for one scan more, if plan and limits allow. Throws `quota.exceeded`, `request.rate-limited`. */
export async function reserve(
  db: TenantDb,
  ctx: MemberContext,
  { onLimits }: Pick<ScanInput, 'onLimits'>,
): Promise<Reservation> {
  // Looked at before the work and taken with the result: whoever has no scans left costs no processor time. Nothing is taken for
  // what a sandbox key only tries.
  const [reserved, plan] = await Promise.all([
    db.scans.reserveId(),
    ctx.identity.apiKey?.sandbox === true ? null : db.plan.get(),
    countScan(ctx, db.permits, onLimits),
  ]);
  if (plan !== null && isUsedUp(plan)) throw quotaExceeded(plan);
  return reserved;
}

async function storeScan(
  ctx: MemberContext,
  input: ScanInput,
  { id, expiresAt }: Reservation,
  result: ScanResult,
): Promise<StoredScan> {
  const { store, keys } = ctx.parts;
  const { tenantId } = ctx.identity;
  // Before the transaction: sealing takes longer than the rest of it, which would hold its connection.
  const sealed = sealContent(await keys.dataKey(tenantId), id, result);
  const { message, authentication } = result.report;
  const sender = isCounted(input) ? await senderDigest(keys, tenantId, message.from?.address ?? '') : null;
  const row = await store.withTenant(tenantId, actorOf(ctx), async (db) => {
    const whose = { ownerId: ctx.identity.userId, mailboxId: null, source: input.source };
    const scan: NewScan = { ...judged(result), ...described(whose, result) };
    // None waits for another: they travel to the database together.
    const [stored, , , , spent] = await Promise.all([
      db.scans.insert(id, expiresAt, scan, sealed),
      db.audit.append({
        action: 'scan.created',
        target: id,
        outcome: 'succeeded',
        details: { source: input.source, label: scan.label, ...keyOf(ctx) },
      }),
      input.idempotency === undefined ? null : rememberScan(db, ctx, input.idempotency, id),
      countSender(db, sender, authentication),
      // Last: the tenant's count is held until the end of the transaction.
      db.plan.spend(),
    ]);
    if (!spent) throw quotaExceeded(await db.plan.get());
    return stored;
  });
  return toStoredScan(row);
}

/** Whether it tells who writes to the tenant. */
function isCounted({ source, submitted }: ScanInput): boolean {
  return isLive(source) && submitted !== true;
}

/** Which program asked, for the audit. */
function keyOf({ identity }: MemberContext): { readonly api_key?: string } {
  return identity.apiKey === undefined ? {} : { api_key: identity.apiKey.id };
}

/** What a rescan replaces. */
export function judged(
  result: Pick<ScanResult, 'report' | 'milliseconds'>,
): Pick<NewScan, 'label' | 'score' | 'verdict' | 'milliseconds' | 'indicators'> {
  const { report, milliseconds } = result;
  const { label, score } = report;
  return {
    ...{ label, score, milliseconds, verdict: report },
    indicators: indicatorsIn(report),
  };
}

/** What a scan tells of its message, and whose it is. */
export function described(
  whose: Pick<NewScan, 'ownerId' | 'mailboxId' | 'source'>,
  { report }: Pick<ScanResult, 'report'>,
): Omit<NewScan, 'label' | 'score' | 'verdict' | 'milliseconds' | 'indicators'> {
  const { message, sha256 } = report;
  return {
    ...whose,
    sha256,
    size: message.size,
    subject: message.subject,
    fromName: message.from?.name ?? '',
    fromAddress: message.from?.address ?? '',
    messageDate: message.date,
  };
}
