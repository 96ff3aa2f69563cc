import type { SenderHistory, TenantProfile } from '../../../scanners/scanner.js';
import { IntakeRefusal } from '../../../store/intake/scan-intake.js';
import type { IntakeAnswer } from '../../../store/intake/scan-intake.js';
import type { PermitRequest, Permits } from '../../../store/tables/permits.js';
import type { LlmSettingRow } from '../../../store/tables/detection/llm.js';
import { createScanId } from '../../../store/tables/scans/scan-id.js';
import type { SenderMark } from '../../../store/tables/scans/sender-history.js';
import { actorOf } from '../../context.js';
import type { MemberContext } from '../../context.js';
import type { Trust } from '../known-profiles.js';
import { quotaExceeded } from '../../plans/get-plan.js';
import { countScan, scansAllowed } from '../../limits/limit-scan.js';
import type { ScanInput } from './create-scan.js';
import { isLive, NO_HISTORY, senderMark, toHistory } from '../sender-history.js';

/** Where the scan will be found, told before it runs, and what it is made with. */
export interface OpenedScan {
  readonly id: string;
  readonly expiresAt: Date;
  readonly profile: TenantProfile;
  readonly sender: SenderHistory;
  /** What its sender is counted by; null where nobody is. */
  readonly mark: SenderMark | null;
  readonly llm: LlmSettingRow | null;
  /** Begun before the database was asked; null where it was. */
  readonly onTrust: Trust | null;
}

/**
 * Asks the database for all that a scan needs, if plan and limits allow one. The plan is looked at before the work and taken from
 * with the result: whoever has no scans left costs no processor time. `counted`: the limits have counted it before. Throws `quota.exceeded`, `request.rate-limited`.
 */
export async function openScan(
  ctx: MemberContext,
  input: ScanInput,
  { counted: countedBefore = false } = {},
): Promise<OpenedScan> {
  const { store, keys, profiles } = ctx.parts;
  const { tenantId, apiKey } = ctx.identity;
  const sandbox = apiKey?.sandbox === true;
  const counted = isCounted(input) && !sandbox;
  const mark = counted ? await senderMark(keys, tenantId, input.raw) : null;
  const question = { sender: mark, metered: !sandbox, profileVersion: profiles.versionOf(tenantId) };
  const asked: { answer?: IntakeAnswer } = {};
  // Where the database counts, it does so with the answer; where Redis does, the answer is asked for without.
  if (!countedBefore) await countScan(ctx, { take: countIn }, input.onLimits);
  const answer = asked.answer ?? (await store.intake.open(tenantId, actorOf(ctx), { ...question, requests: [] }));
  if (!answer.scansLeft) throw await usedUp();
  // Not there any more, or replaced in the meantime by another scan: asked for once more, without counting again.
  const known = profiles.take(tenantId, answer.profileVersion, answer.profile);
  const profile = known ?? (await askProfile());
  return {
    ...{ id: answer.id, expiresAt: answer.expiresAt, profile, llm: answer.llm, mark, onTrust: null },
    sender: mark === null ? NO_HISTORY : toHistory(answer.sender),
  };

  async function countIn(requests: readonly PermitRequest[]): Promise<readonly Permits[]> {
    try {
      asked.answer = await store.intake.open(tenantId, actorOf(ctx), { ...question, requests });
      if (asked.answer.scansLeft) return asked.answer.permits;
    } catch (error) {
      if (error instanceof IntakeRefusal && error.reason === 'over-limit') return error.permits;
      throw error;
    }
    // Nothing was counted then.
    throw await usedUp();
  }

  async function usedUp(): Promise<Error> {
    return quotaExceeded(await store.withTenant(tenantId, actorOf(ctx), (db) => db.plan.get()));
  }

  async function askProfile(): Promise<TenantProfile> {
    const row = await store.withTenant(tenantId, actorOf(ctx), (db) => db.profile.get());
    return profiles.read(row.profile);
  }
}

/**
 * The same without asking the database, where it let another scan of the tenant begin a moment ago; null where it must be asked. What it
 * would have refused it refuses when the scan is stored. `onTrust.end` must be called when the scan is over.
 */
export function openOnTrust(ctx: MemberContext, input: ScanInput): OpenedScan | null {
  const { tenantId, userId, apiKey } = ctx.identity;
  // Of live mail the history of its sender has to be asked for.
  if (apiKey?.sandbox === true || isCounted(input)) return null;
  // One with an Idempotency-Key is stored alone, and is company for none.
  const whose = `${userId} ${apiKey?.id ?? ''} ${ctx.client.ip} ${input.idempotency === undefined ? '' : 'alone'}`;
  const onTrust = ctx.parts.profiles.beginOnTrust(tenantId, scansAllowed(ctx), whose);
  if (onTrust === null) return null;
  const { expiresAt, profile } = onTrust;
  return { id: createScanId(expiresAt), expiresAt, profile, llm: null, mark: null, sender: NO_HISTORY, onTrust };
}

/** Whether it tells who writes to the tenant. */
export function isCounted({ source, submitted }: Pick<ScanInput, 'source' | 'submitted'>): boolean {
  return isLive(source) && submitted !== true;
}
