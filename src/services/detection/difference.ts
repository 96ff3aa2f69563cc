import { findingEntry } from '../../scanners/catalogue.js';
import type { Judgement } from '../../scanners/decide.js';
import type { Label } from '../../scanners/verdict.js';
import type { ScanRow } from '../../store/store.js';

/** A message that would be judged otherwise, and why. */
export interface Difference {
  readonly id: string;
  readonly created_at: string;
  readonly subject: string;
  readonly from: { readonly name: string; readonly address: string } | null;
  readonly before: { readonly label: Label; readonly score: number };
  readonly after: { readonly label: Label; readonly score: number };
  /** The findings that moved it, most first. */
  readonly findings: readonly MovedFinding[];
}

export interface MovedFinding {
  readonly id: string;
  readonly title: string;
  readonly evidence: string;
  /** Points; null where it is not there or has no say. */
  readonly before: number | null;
  readonly after: number | null;
}

const MOST_FINDINGS = 5;

export function differenceOf(row: ScanRow, before: Judgement, after: Judgement): Difference {
  const { fromName: name, fromAddress: address } = row;
  return {
    id: row.id,
    created_at: row.createdAt.toISOString(),
    subject: row.subject,
    from: name === '' && address === '' ? null : { name, address },
    before: { label: before.label, score: before.score },
    after: { label: after.label, score: after.score },
    findings: movedBetween(before, after),
  };
}

interface Share {
  readonly title: string;
  readonly evidence: string;
  readonly points: number;
  /** Towards danger and towards advertising: points alone change with every other finding too. */
  readonly odds: number;
  readonly spam: number;
}

function movedBetween(before: Judgement, after: Judgement): readonly MovedFinding[] {
  const [had, has] = [sharesOf(before), sharesOf(after)];
  const moved = [...new Set([...had.keys(), ...has.keys()])].flatMap((id) => {
    const [then, now] = [had.get(id), has.get(id)];
    const shift = Math.abs((now?.odds ?? 0) - (then?.odds ?? 0)) + Math.abs((now?.spam ?? 0) - (then?.spam ?? 0));
    if (shift === 0 && then !== undefined && now !== undefined) return [];
    const { title = '', evidence = '' } = now ?? then ?? {};
    return [{ shift, view: { id, title, evidence, before: then?.points ?? null, after: now?.points ?? null } }];
  });
  return moved
    .sort((a, b) => b.shift - a.shift)
    .slice(0, MOST_FINDINGS)
    .map(({ view }) => view);
}

function sharesOf({ contributions, points }: Judgement): ReadonlyMap<string, Share> {
  const shares = new Map<string, Share>();
  for (const [index, { finding, threat, spam }] of contributions.entries()) {
    const known = shares.get(finding.id);
    shares.set(finding.id, {
      title: findingEntry(finding.id).title,
      evidence: known?.evidence ?? finding.evidence,
      points: Math.round(((known?.points ?? 0) + (points[index] ?? 0)) * 100) / 100,
      odds: (known?.odds ?? 0) + threat,
      spam: (known?.spam ?? 0) + spam,
    });
  }
  return shares;
}
