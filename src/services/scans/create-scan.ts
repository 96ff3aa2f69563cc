import type { LayerReport } from '../../scanners/verdict.js';
import type { NewScan } from '../../store/store.js';
import { actorOf } from '../context.js';
import type { MemberContext } from '../context.js';
import { authorize } from '../permissions.js';
import type { ScanResult } from '../scanning/pool.js';
import { recallScan, rememberScan, Repeated } from './idempotency.js';
import type { Idempotency } from './idempotency.js';
import { NO_HISTORY } from './sender-history.js';
import { sealContent } from './sealed-content.js';
import { toStoredScan } from './stored-scan.js';
import type { StoredScan } from './stored-scan.js';
import { profileOf } from './tenant-profile.js';

export interface ScanInput {
  /** The message as it arrived. */
  readonly raw: Uint8Array;
  readonly source: 'upload' | 'json';
  readonly signal?: AbortSignal;
  readonly onLayer?: (report: LayerReport) => void;
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
 * `message.not-a-message`, `message.too-large` for what is no message, `scan.queue-full` and `request.idempotency-mismatch`.
 */
export async function createScan(call: {
  readonly ctx: MemberContext;
  readonly input: ScanInput & { readonly reserved?: Reservation };
}): Promise<StoredScan> {
  const { ctx, input } = call;
  authorize(ctx, 'scan.create');
  const { store, pool, lookup, trustedAuthservIds } = ctx.parts;
  const { tenantId } = ctx.identity;
  const before = input.idempotency === undefined ? null : await recallScan(ctx, input.idempotency);
  if (before !== null) return before;
  const { tenant, reserved } = await store.withTenant(tenantId, actorOf(ctx), async (db) => ({
    tenant: await db.profile.get(),
    reserved: input.reserved ?? (await db.scans.reserveId()),
  }));
  const result = await pool.scan({
    raw: input.raw,
    tenant: profileOf(tenant, trustedAuthservIds),
    sender: NO_HISTORY,
    ...(lookup === undefined ? {} : { lookup }),
    ...(input.signal === undefined ? {} : { signal: input.signal }),
    ...(input.onLayer === undefined ? {} : { onLayer: input.onLayer }),
  });
  try {
    return await storeScan(ctx, input, reserved, result);
  } catch (error) {
    const quicker = error instanceof Repeated && input.idempotency !== undefined;
    const first = quicker ? await recallScan(ctx, input.idempotency) : null;
    if (first === null) throw error;
    return first;
  }
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
  const sealed = await sealContent(await keys.dataKey(tenantId), id, result);
  const row = await store.withTenant(tenantId, actorOf(ctx), async (db) => {
    const stored = await db.scans.insert(id, expiresAt, {
      ...judged(result),
      ...described({ ownerId: ctx.identity.userId, mailboxId: null, source: input.source }, result),
    });
    await db.contents.put(id, sealed);
    if (input.idempotency !== undefined) await rememberScan(db, ctx, input.idempotency, id);
    await db.audit.append({
      action: 'scan.created',
      target: id,
      outcome: 'succeeded',
      details: { source: input.source, label: stored.label },
    });
    return stored;
  });
  return toStoredScan(row);
}

/** What a rescan replaces. */
export function judged(
  result: Pick<ScanResult, 'report' | 'milliseconds'>,
): Pick<NewScan, 'label' | 'score' | 'verdict' | 'milliseconds' | 'indicators'> {
  const { report, milliseconds } = result;
  const { label, score } = report;
  return {
    ...{ label, score, milliseconds, verdict: report },
    indicators: report.findings.flatMap((finding) => finding.indicators),
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
