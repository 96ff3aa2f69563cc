import { IntakeRefusal } from '../../../store/intake/scan-intake.js';
import type { FinishedScan, StoredCounted } from '../../../store/intake/scan-intake.js';
import type { PermitRequest, Permits } from '../../../store/tables/permits.js';
import { keyOf } from '../../api-keys/key-of.js';
import { actorOf } from '../../context.js';
import type { MemberContext } from '../../context.js';
import { countScan } from '../../limits/limit-scan.js';
import type { ScanResult } from '../../scanning/pool.js';
import { sealContent } from '../content/sealed-content.js';
import type { Trust } from '../known-profiles.js';
import type { ScanInput } from './create-scan.js';
import { writtenScan } from './fresh-scan.js';
import type { FreshScan } from './fresh-scan.js';
import { digestsOf } from './idempotency.js';
import { isCounted } from './open-scan.js';
import type { OpenedScan } from './open-scan.js';

/**
 * Stores verdict, indicators and the sealed message in one transaction. Throws IntakeRefusal, and `request.rate-limited` for a scan that
 * was begun before its limits were asked.
 */
export async function storeScan(
  ctx: MemberContext,
  input: ScanInput,
  { id, expiresAt, mark, onTrust }: OpenedScan,
  result: ScanResult,
): Promise<FreshScan> {
  const { facts, reportText, indicatorsText, milliseconds } = result;
  const { store, keys } = ctx.parts;
  const { tenantId, userId } = ctx.identity;
  const { source, idempotency } = input;
  const { label, score, sha256, size, subject, fromName, fromAddress, messageDate, aligned } = facts;
  const counted = isCounted(input) && aligned;
  const finished: FinishedScan = {
    ...{ id, expiresAt, ownerId: userId, source, milliseconds, verdict: reportText, indicators: indicatorsText },
    ...{ label, score, sha256, size, subject, fromName, fromAddress, messageDate },
    sealed: sealContent(await keys.dataKey(tenantId), id, result),
    audited: { source, label, ...keyOf(ctx) },
    sender: counted ? mark : null,
    idempotency: idempotency === undefined ? null : digestsOf(idempotency),
  };
  const createdAt =
    onTrust === null
      ? (await store.intake.store(tenantId, actorOf(ctx), finished)).createdAt
      : await storeOnTrust(ctx, input, finished, onTrust);
  const added = {
    id,
    created_at: createdAt.toISOString(),
    expires_at: expiresAt.toISOString(),
    rescanned_at: null,
    source,
  };
  return writtenScan(added, reportText);
}

/** Where the database counts, it does so with the storing; where Redis does, what is stored is not counted again. */
async function storeOnTrust(
  ctx: MemberContext,
  { onLimits }: ScanInput,
  finished: FinishedScan,
  trust: Trust,
): Promise<Date> {
  const asked: { answer?: StoredCounted } = {};
  await countScan(ctx, { take: storeIn }, onLimits);
  trust.counted = true;
  return (asked.answer ?? (await storeCounted([]))).createdAt;

  async function storeIn(requests: readonly PermitRequest[]): Promise<readonly Permits[]> {
    try {
      asked.answer = await storeCounted(requests);
      return asked.answer.permits;
    } catch (error) {
      if (!(error instanceof IntakeRefusal && error.reason === 'over-limit')) throw error;
      trust.counted = true;
      return error.permits;
    }
  }

  function storeCounted(requests: readonly PermitRequest[]): Promise<StoredCounted> {
    const terms = { profileVersion: trust.version, requests, underWay: trust.underWay() };
    return ctx.parts.store.intake.storeOnTrust(ctx.identity.tenantId, actorOf(ctx), finished, terms);
  }
}
