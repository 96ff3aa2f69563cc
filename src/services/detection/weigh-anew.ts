import { toAsciiHost } from '../../mail/domains.js';
import type { Address } from '../../mail/message.js';
import { FINDINGS } from '../../scanners/catalogue.js';
import type { FindingId } from '../../scanners/catalogue.js';
import { judge } from '../../scanners/decide.js';
import type { Judgement } from '../../scanners/decide.js';
import { entriesFor } from '../../scanners/headers/identity/lists.js';
import { findingsOfProfile, OF_PROFILE } from '../../scanners/headers/identity/of-profile.js';
import type { LayerRun } from '../../scanners/layer-report.js';
import type { Finding, TenantProfile } from '../../scanners/scanner.js';
import type { SenderView } from '../../scanners/sender.js';
import type { ReportedFinding, ScanReport } from '../scans/report.js';

/** A profile made ready for thousands of scans: its lists are looked up, not searched. */
export interface WeighingProfile {
  readonly tenant: TenantProfile;
  /** The entries of each list that match a sender. */
  readonly entries: Readonly<Record<'allow' | 'block', (sender: SenderView) => readonly string[]>>;
}

export function prepareWeighing(tenant: TenantProfile): WeighingProfile {
  const matcher = (list: readonly string[]) => {
    const known = new Set(list.map((entry) => entry.trim().toLowerCase()));
    return ({ identity }: SenderView) =>
      identity.from.flatMap(({ address, domain }) => entriesFor(address, domain).filter((entry) => known.has(entry)));
  };
  return { tenant, entries: { allow: matcher(tenant.allow), block: matcher(tenant.block) } };
}

/**
 * What a stored scan would be under a profile: its findings are weighed anew, and those that follow from sender and profile (lists,
 * people, own domains) are looked for anew. The same code judges as in a scan. Null for a scan from before the strength of findings
 * was kept, and one with a finding that is no longer known.
 */
export function weighAnew(report: ScanReport, { tenant, entries }: WeighingProfile): Judgement | null {
  const stored = [...report.findings, ...report.set_aside];
  if (!stored.every(isComplete)) return null;
  const kept = stored.filter(({ id }) => !OF_PROFILE.has(id));
  const sender = senderIn(report);
  const listed = { allow: entries.allow(sender), block: entries.block(sender) };
  const { authentication } = report;
  const fresh = findingsOfProfile(sender, { tenant: { ...tenant, ...listed }, authentication });
  const runs = report.layers.map(({ score: _score, ...layer }): LayerRun => {
    const own: readonly Finding[] = kept.filter((finding) => finding.layer === layer.layer);
    // Where the headers could not be looked at, nobody looked at the lists either.
    const looked = layer.layer === 'headers' && layer.status !== 'skipped' && !isUnread(report);
    return { report: layer, findings: looked ? [...own, ...fresh] : own };
  });
  return judge({ tenant, runs });
}

function isComplete(
  finding: ReportedFinding,
): finding is ReportedFinding & { readonly id: FindingId; readonly strength: number } {
  return finding.strength !== null && Object.hasOwn(FINDINGS, finding.id);
}

/** A message whose scan was stopped: no scanner ran, and every layer says so. */
function isUnread({ layers }: ScanReport): boolean {
  return layers.every(({ status }) => status === 'failed');
}

/** As much of the message as those findings need. */
function senderIn({ message }: ScanReport): SenderView {
  const from = [...(message.from === null ? [] : [message.from]), ...message.also_from].map(
    ({ name, address }): Address => {
      const at = address.lastIndexOf('@');
      return { name, address, domain: at === -1 ? '' : toAsciiHost(address.slice(at + 1)) };
    },
  );
  return {
    identity: { from, fromFields: 1, sender: [], replyTo: [], to: [], cc: [], mailFrom: null },
    headers: [],
  };
}
