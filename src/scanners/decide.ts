import { createHash } from 'node:crypto';
import type { Message } from '../mail/message.js';
import { FINDINGS, findingEntry } from './catalogue.js';
import { confidenceOf } from './confidence.js';
import { chooseCategories, chooseLabel, hasMalwareEvidence } from './label.js';
import type { Contribution } from './label.js';
import type { LayerRun } from './layer-report.js';
import { recommend } from './recommendations.js';
import type { AuthenticationResult, Finding, Layer, TenantProfile } from './scanner.js';
import { logOdds, percent, points, total } from './score.js';
import type { Label, LayerReport, ScoredFinding, Verdict } from './verdict.js';
import { WEIGHTS } from './weights.js';
import type { Weights } from './weights.js';

export interface Evidence extends Weighable {
  readonly message: Message;
  readonly authentication: AuthenticationResult;
}

/** What label and score follow from. */
export interface Weighable {
  readonly tenant: Pick<TenantProfile, 'weights'>;
  /** One run a layer, in their order. */
  readonly runs: readonly LayerRun[];
}

export interface Judgement {
  readonly label: Label;
  readonly score: number;
  readonly contributions: readonly Contribution[];
  /** Points of the contributions, in their order. */
  readonly points: readonly number[];
  /** Found, but without effect beside a dangerous file. */
  readonly setAside: readonly (Finding & { readonly layer: Layer })[];
  readonly layers: readonly LayerReport[];
}

/** Changes when a finding is added or removed, so that a stored verdict tells which catalogue it was made with. */
const CATALOGUE_VERSION = createHash('sha256').update(Object.keys(FINDINGS).join(' ')).digest('hex').slice(0, 12);

/** Findings and weights -> verdict. The only place that decides; the layers report facts. */
export function decide(evidence: Evidence, weights: Weights = WEIGHTS): Verdict {
  const { message, authentication } = evidence;
  const { label, score, contributions, points: shares, setAside, layers } = judge(evidence, weights);
  const categories = chooseCategories(label, contributions);
  return {
    label,
    score,
    confidence: confidenceOf(message, authentication, layers),
    categories,
    authentication,
    layers,
    findings: scored(contributions, shares),
    setAside,
    recommendations: recommend(label, categories, contributions),
    engine: { catalogue: CATALOGUE_VERSION, weights: weights.version },
  };
}

/** The part of a decision that weights, factors and lists move. It needs no message, so that stored findings can be weighed anew. */
export function judge({ tenant, runs }: Weighable, weights: Weights = WEIGHTS): Judgement {
  const { contributions, setAside } = weigh({ tenant, runs }, weights);
  const threats = contributions.map(({ threat }) => threat);
  const { prior } = weights.threat;
  const score = percent(total(prior, threats));
  const spam = percent(
    total(
      weights.spam.prior,
      contributions.map((entry) => entry.spam),
    ),
  );
  const layers = runs.map((run) => layerReport(run, tenant, weights));
  const label = chooseLabel({ score, spam, contributions, layers, thresholds: weights.thresholds });
  return { label, score, contributions, points: points(prior, threats), setAside, layers };
}

/** A layer's run with the score its own findings would give. */
export function layerReport(
  run: LayerRun,
  tenant: Pick<TenantProfile, 'weights'>,
  weights: Weights = WEIGHTS,
): LayerReport {
  const { report, findings } = run;
  if (report.status === 'skipped' || report.status === 'failed') return { ...report, score: null };
  const { threat } = weights;
  return { ...report, score: percent(total(threat.prior, logOdds(findings, threat, tenant.weights))) };
}

/** Log-odds from which a file convicts a message however ordinary its words and build: programs travel in stolen conversations. */
const CERTAIN = 4;

/** An allowed sender's mail may still carry a virus they do not know of: then being allowed counts for nothing. */
function weigh({ tenant, runs }: Weighable, weights: Weights): Pick<Judgement, 'contributions' | 'setAside'> {
  const found = runs.flatMap(({ report, findings }) =>
    findings.map((finding) => ({ finding, layer: report.layer, threat: 0, spam: 0 })),
  );
  const findings = found.map(({ finding }) => finding);
  const threat = logOdds(findings, weights.threat, tenant.weights);
  const spam = logOdds(findings, weights.spam, tenant.weights);
  const weighed = found.map((entry, index) => ({ ...entry, threat: threat[index] ?? 0, spam: spam[index] ?? 0 }));
  if (!hasMalwareEvidence(weighed)) return { contributions: weighed, setAside: [] };
  const certain = weighed.some(
    ({ threat, finding }) => threat >= CERTAIN && findingEntry(finding.id).category === 'malware-delivery',
  );
  const without = weighed.filter(
    ({ finding: { id } }) => id === 'headers.sender-allowed' || (certain && id.endsWith('-ordinary-mail')),
  );
  return {
    contributions: weighed.filter((entry) => !without.includes(entry)),
    setAside: without.map(({ finding, layer }) => ({ ...finding, layer })),
  };
}

function scored(contributions: readonly Contribution[], shares: readonly number[]): readonly ScoredFinding[] {
  return contributions
    .map(({ finding, layer }, index) => {
      const { title, advice } = findingEntry(finding.id);
      return { ...finding, layer, title, advice, points: shares[index] ?? 0 };
    })
    .sort((a, b) => Math.abs(b.points) - Math.abs(a.points));
}
