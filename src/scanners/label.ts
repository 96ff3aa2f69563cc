import { findingEntry } from './catalogue.js';
import type { Finding, Layer } from './scanner.js';
import type { Category, Label, LayerReport } from './verdict.js';
import type { Weights } from './weights.js';

/** A finding with what it adds in log-odds. */
export interface Contribution {
  readonly finding: Finding;
  readonly layer: Layer;
  readonly threat: number;
  readonly spam: number;
}

/** Layers every message needs; without them nothing is called safe. */
const REQUIRED: ReadonlySet<Layer> = new Set<Layer>(['headers', 'content', 'urls', 'attachments']);

/** Only what was seen in a file, or known of one, is evidence of malware; words and links alone are not. */
const HARD_LAYERS: ReadonlySet<Layer> = new Set<Layer>(['attachments', 'reputation']);

/** A category that carries less of the evidence than this share of the strongest one is not named. */
const CATEGORY_SHARE = 0.3;
const CATEGORY_LEAST = 0.4;

export interface LabelInput {
  readonly score: number;
  /** Percent. */
  readonly spam: number;
  readonly contributions: readonly Contribution[];
  readonly layers: readonly Pick<LayerReport, 'layer' | 'status'>[];
  readonly thresholds: Weights['thresholds'];
}

export function chooseLabel({ score, spam, contributions, layers, thresholds }: LabelInput): Label {
  if (score >= thresholds.phishing) return malwareDominates(contributions) ? 'malware' : 'phishing';
  const unwanted = spam >= thresholds.spam || isBlocked(contributions);
  // What may do harm when it is opened is not put among advertisements.
  const merelySpam = spam >= thresholds.spam && spam > score && !hasMalwareEvidence(contributions);
  if (score >= thresholds.suspicious && !merelySpam) return 'suspicious';
  if (layers.some(({ layer, status }) => status === 'failed' && REQUIRED.has(layer))) return 'incomplete';
  return unwanted ? 'spam' : 'safe';
}

/** A block list is an order, not evidence: no weight may let the message through. */
function isBlocked(contributions: readonly Contribution[]): boolean {
  return contributions.some(({ finding }) => finding.id === 'headers.sender-blocked');
}

/** A file that delivers malware was seen. */
export function hasMalwareEvidence(contributions: readonly Contribution[]): boolean {
  return contributions.some(
    ({ finding, layer, threat }) =>
      threat > 0 && HARD_LAYERS.has(layer) && findingEntry(finding.id).category === 'malware-delivery',
  );
}

/** Categories by how much of the evidence points to each, strongest first; none for a safe message. */
export function chooseCategories(label: Label, contributions: readonly Contribution[]): readonly Category[] {
  if (label === 'safe') return [];
  if (label === 'spam') return ['spam'];
  const ranked = rankCategories(contributions).filter(([category]) => category !== 'spam');
  const strongest = ranked[0]?.[1] ?? 0;
  return ranked
    .filter(([, odds]) => odds >= Math.max(CATEGORY_LEAST, strongest * CATEGORY_SHARE))
    .map(([category]) => category);
}

function malwareDominates(contributions: readonly Contribution[]): boolean {
  return rankCategories(contributions)[0]?.[0] === 'malware-delivery' && hasMalwareEvidence(contributions);
}

function rankCategories(contributions: readonly Contribution[]): [Category, number][] {
  const sums = new Map<Category, number>();
  for (const { finding, threat } of contributions) {
    const { category } = findingEntry(finding.id);
    if (category !== null && threat > 0) sums.set(category, (sums.get(category) ?? 0) + threat);
  }
  return [...sums].sort((a, b) => b[1] - a[1]);
}
