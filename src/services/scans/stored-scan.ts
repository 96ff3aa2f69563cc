import type { ScanRow } from '../../store/store.js';
import type { Label } from '../../scanners/verdict.js';
import type { MessageSummary, ReportedFinding, ScanReport } from './report.js';

/** What the store adds to a report. */
export interface Provenance {
  readonly id: string;
  /** ISO 8601, as are the others. */
  readonly created_at: string;
  readonly expires_at: string;
  readonly rescanned_at: string | null;
  readonly source: ScanRow['source'];
}

/** The result object of the API. */
export type StoredScan = Provenance & ScanReport;

/** A line of the history: what the list needs, without the findings. */
export interface ScanSummary extends Provenance {
  readonly label: Label;
  readonly score: number;
  readonly subject: string;
  readonly from: { readonly name: string; readonly address: string } | null;
  readonly date: string | null;
  readonly size: number;
  readonly sha256: string;
}

/** A report as earlier versions stored it: without what came later. */
type Kept = Omit<ScanReport, 'set_aside' | 'message' | 'findings'> & {
  readonly findings: readonly KeptFinding[];
  readonly set_aside?: readonly KeptFinding[];
  readonly message: Omit<MessageSummary, 'also_from' | 'link_sites'> &
    Partial<Pick<MessageSummary, 'also_from' | 'link_sites'>>;
};
type KeptFinding = Omit<ReportedFinding, 'strength'> & Partial<Pick<ReportedFinding, 'strength'>>;

/**
 * The stored verdict is the report as it was made: a later version of postern shows an old scan as it was judged. PostgreSQL keeps
 * no order of keys in jsonb; whoever reads JSON wants the label before the engine.
 */
export function reportOf(row: ScanRow): ScanReport {
  const { label, score, confidence, categories, authentication, layers, findings, ...rest } = row.verdict as Kept;
  const { recommendations, sha256, milliseconds, engine, message } = rest;
  return {
    ...{ label, score, confidence, categories, authentication },
    layers: layers.map((entry) => {
      const { layer, status, ...outcome } = entry;
      const { score: alone, milliseconds: took, reason, by } = outcome;
      return { layer, status, score: alone, milliseconds: took, reason, ...(by === undefined ? {} : { by }) };
    }),
    findings: findings.map(findingOf),
    set_aside: (rest.set_aside ?? []).map(findingOf),
    ...{ recommendations, sha256, milliseconds, engine },
    message: { ...message, also_from: message.also_from ?? [], link_sites: message.link_sites ?? [] },
  };
}

// Scans from before strengths were kept have none.
function findingOf({ strength = null, ...finding }: KeptFinding): ReportedFinding {
  const { id, layer, title, meaning, advice, evidence, points, at, indicators } = finding;
  return { id, layer, title, meaning, advice, evidence, points, strength, at, indicators };
}

export function toStoredScan(row: ScanRow): StoredScan {
  return { ...provenance(row), ...reportOf(row) };
}

export function toSummary(row: ScanRow): ScanSummary {
  return {
    ...provenance(row),
    label: row.label as Label,
    // The column is a four-byte float, made for filtering; the report has the exact number.
    score: reportOf(row).score,
    subject: row.subject,
    from: row.fromAddress === '' && row.fromName === '' ? null : { name: row.fromName, address: row.fromAddress },
    date: row.messageDate,
    size: row.size,
    sha256: row.sha256,
  };
}

function provenance(row: ScanRow): Provenance {
  return {
    id: row.id,
    created_at: row.createdAt.toISOString(),
    expires_at: row.expiresAt.toISOString(),
    rescanned_at: row.rescannedAt?.toISOString() ?? null,
    source: row.source,
  };
}
