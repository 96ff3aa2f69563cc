import type { Envelope } from '../../../mail/envelope.js';
import type { LayerReport } from '../../../scanners/verdict.js';
import { PosternError } from '../../../errors.js';
import { IntakeRefusal } from '../../../store/intake/scan-intake.js';
import type { NewScan } from '../../../store/store.js';
import { actorOf } from '../../context.js';
import type { MemberContext } from '../../context.js';
import { countScan, scanStates } from '../../limits/limit-scan.js';
import { lookupFor } from '../../llm/lookup-for.js';
import { authorize } from '../../permissions.js';
import { quotaExceeded } from '../../plans/get-plan.js';
import type { WindowState } from '../../limits/shared-window.js';
import type { ScanResult } from '../../scanning/pool.js';
import type { FreshScan } from './fresh-scan.js';
import { recallScan } from './idempotency.js';
import type { Idempotency } from './idempotency.js';
import { indicatorsIn } from '../indicators.js';
import { openOnTrust, openScan } from './open-scan.js';
import type { OpenedScan } from './open-scan.js';
import { storeScan } from './store-scan.js';
import type { StoredScan } from '../stored-scan.js';
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

/** As `createScanText`, for those who look into the result. */
export async function createScan(call: ScanCall): Promise<StoredScan> {
  return (await createScanText(call)).scan;
}

interface ScanCall {
  readonly ctx: MemberContext;
  readonly input: ScanInput & { readonly opened?: OpenedScan };
}

/**
 * Scans one message and stores verdict, indicators and the sealed message in one transaction. Throws `message.empty`,
 * `message.not-a-message`, `message.too-large` for what is no message, `scan.queue-full`, `quota.exceeded`, `request.rate-limited` and
 * `request.idempotency-mismatch`.
 */
export async function createScanText({ ctx, input }: ScanCall): Promise<FreshScan> {
  authorize(ctx, 'scan.create');
  const { tenantId } = ctx.identity;
  const sandbox = ctx.identity.apiKey?.sandbox === true;
  const before = sandbox || input.idempotency === undefined ? null : await recallScan(ctx, input.idempotency);
  if (before !== null) return before;
  const opened = input.opened ?? openOnTrust(ctx, input) ?? (await openScan(ctx, input));
  const { onTrust } = opened;
  if (onTrust === null) return await scanOpened(ctx, input, opened);
  try {
    return await scanOpened(ctx, input, opened);
  } catch (error) {
    ctx.parts.profiles.distrust(tenantId);
    if (!(error instanceof IntakeRefusal && error.reason === 'outdated')) {
      if (!onTrust.counted) await countInVain(ctx, input);
      throw error;
    }
  } finally {
    onTrust.end();
  }
  return await scanOpened(ctx, input, await openScan(ctx, input, onTrust));
}

/** Work that ends before it is stored counts all the same. Throws `request.rate-limited`, as it would have before the work. */
async function countInVain(ctx: MemberContext, { onLimits }: ScanInput): Promise<void> {
  const { store } = ctx.parts;
  try {
    await countScan(
      ctx,
      { take: (requests) => store.withTenant(ctx.identity.tenantId, actorOf(ctx), (db) => db.permits.take(requests)) },
      onLimits,
    );
  } catch (error) {
    // That it could not be counted matters less than why the scan ended.
    if (error instanceof PosternError && error.code === 'request.rate-limited') throw error;
  }
}

async function scanOpened(ctx: MemberContext, input: ScanInput, opened: OpenedScan): Promise<FreshScan> {
  const { tenantId, apiKey } = ctx.identity;
  const { llm, onTrust } = opened;
  const lookup = lookupFor(ctx.parts, llm, { tenantId, mailboxId: null, wanted: input.llm });
  const result = await ctx.parts.pool.scan({
    ...{ raw: input.raw, tenant: opened.profile, sender: opened.sender },
    ...(input.envelope === undefined ? {} : { envelope: input.envelope }),
    ...(lookup === undefined ? {} : { lookup }),
    ...(input.signal === undefined ? {} : { signal: input.signal }),
    ...(input.onLayer === undefined ? {} : { onLayer: input.onLayer }),
  });
  if (apiKey?.sandbox === true) return passingScan(ctx, input.source, result);
  try {
    const stored = await storeScan(ctx, input, opened, result);
    // Whether a model may be asked, which costs money, is not a matter of trust.
    if (onTrust === null && llm?.enabled !== true) ctx.parts.profiles.trust(tenantId, opened.expiresAt);
    return stored;
  } catch (error) {
    if (!(error instanceof IntakeRefusal)) throw error;
    const quicker = error.reason === 'repeated' && input.idempotency !== undefined;
    const first = quicker ? await recallScan(ctx, input.idempotency) : null;
    if (first !== null) {
      // Counted with the scan that was quicker.
      if (onTrust?.counted === false) input.onLimits?.(scanStates(ctx));
      return first;
    }
    if (error.reason !== 'used-up') throw error;
    throw quotaExceeded(await ctx.parts.store.withTenant(tenantId, actorOf(ctx), (db) => db.plan.get()));
  }
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
  { facts }: Pick<ScanResult, 'facts'>,
): Omit<NewScan, 'label' | 'score' | 'verdict' | 'milliseconds' | 'indicators'> {
  const { sha256, size, subject, fromName, fromAddress, messageDate } = facts;
  return { ...whose, sha256, size, subject, fromName, fromAddress, messageDate };
}
