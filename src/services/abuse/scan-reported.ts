import { PosternError } from '../../errors.js';
import { unwrapReport } from '../../mail/report/unwrap-report.js';
import type { Report, ReportedMessage } from '../../mail/report/unwrap-report.js';
import type { AuthenticationResult } from '../../scanners/scanner.js';
import type { MailboxRow } from '../../store/interfaces/mailbox-rows.js';
import type { TenantId } from '../../store/store.js';
import type { Parts } from '../context.js';
import { createHistories } from '../mailboxes/sync/histories.js';
import { scanRaw } from '../mailboxes/sync/scan-page.js';
import type { ScannedMessage, ScanSetting } from '../mailboxes/sync/scan-page.js';
import { leftIn } from '../plans/get-plan.js';
import { OFFLINE } from '../scanning/lookup-port.js';
import type { ScanReport } from '../scans/report.js';
import { profileOf } from '../scans/tenant-profile.js';
import { tooFewScans } from './too-few-scans.js';

export const REPORT_ACTOR = { kind: 'worker', job: 'take-report' } as const;

export interface ScannedReport {
  readonly report: Report;
  readonly messages: readonly ScannedReported[];
  /** Of the mail that brought them: whether its sender is who they say. */
  readonly authentication: AuthenticationResult;
  /** Domains the tenant receives mail for. */
  readonly domains: readonly string[];
  /** Why there is nothing, where nothing could be scanned. */
  readonly refusal: string | null;
}

export interface ScannedReported extends ReportedMessage {
  readonly scanned: ScannedMessage;
  readonly verdict: ScanReport;
}

/**
 * Takes a report apart and scans each message in it by itself. Nothing is stored. Throws `scan.queue-full`,
 * and `quota.exceeded` as `tooFewScans` before the first where the plan has too few for all of them.
 */
export async function scanReported(
  parts: Parts,
  { tenantId, mailbox }: { readonly tenantId: TenantId; readonly mailbox: MailboxRow },
  raw: Uint8Array,
  signal: AbortSignal,
): Promise<ScannedReport> {
  const report = await unwrapReport(raw);
  const { tenant, llm, reserved, plan } = await parts.store.withTenant(tenantId, REPORT_ACTOR, async (db) => ({
    tenant: await db.profile.get(),
    llm: await db.llm.effective(mailbox.id),
    reserved: await db.scans.reserveIds(report.messages.length),
    plan: await db.plan.get(),
  }));
  if (leftIn(plan) < report.messages.length) throw tooFewScans(plan, report.messages.length);
  const profile = profileOf(tenant, parts.trustedAuthservIds);
  const dataKey = await parts.keys.dataKey(tenantId);
  const histories = createHistories(parts.store, tenantId);
  const messages: ScannedReported[] = [];
  let refusal: string | null = null;
  for (const [position, message] of report.messages.entries()) {
    const reservation = reserved[position];
    if (reservation === undefined) break;
    const setting: ScanSetting = { ...{ tenantId, profile, dataKey, mailbox, llm, reservation, histories } };
    try {
      const scanned = await scanRaw(forKind(parts, message.kind), setting, asFetched(message.raw), signal);
      // `scanRaw` stores the report of the scan as its verdict.
      messages.push({ ...message, scanned, verdict: scanned.scan.verdict as ScanReport });
    } catch (error) {
      if (!(error instanceof PosternError && error.code.startsWith('message.'))) throw error;
      refusal = error.message;
    }
  }
  const direct = messages.find(({ kind }) => kind === 'direct');
  const authentication = direct?.verdict.authentication ?? (await authenticationOf(parts, profile, raw, signal));
  return { report, messages, authentication, domains: profile.domains, refusal: messages.length > 0 ? null : refusal };
}

/** Whoever forwards inline loses what proves the sender: asking the sender's domain would only blame it for that. */
function forKind(parts: Parts, kind: ReportedMessage['kind']): Parts {
  if (kind !== 'inline' || parts.lookup === undefined) return parts;
  const unavailable = 'it was forwarded without its header';
  return { ...parts, lookup: { ...parts.lookup, dns: () => Promise.resolve({ unavailable }) } };
}

async function authenticationOf(
  { pool, lookup }: Pick<Parts, 'pool' | 'lookup'>,
  tenant: ScanSetting['profile'],
  raw: Uint8Array,
  signal: AbortSignal,
): Promise<AuthenticationResult> {
  const { report } = await pool.scan({
    ...{ raw, tenant, sender: { messages: null, firstSeen: null }, signal },
    // What is inside was asked about already.
    ...(lookup === undefined ? {} : { lookup: { ...OFFLINE, dns: (name, type) => lookup.dns(name, type) } }),
  });
  return report.authentication;
}

function asFetched(bytes: Uint8Array) {
  return { ref: { id: '', folder: '' }, bytes, labels: [], flags: { read: false, flagged: false } };
}
