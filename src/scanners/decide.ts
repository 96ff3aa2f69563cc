import { createHash } from 'node:crypto';
import type { Message } from '../mail/message.js';
import { FINDINGS, findingEntry } from './catalogue.js';
import { confidenceOf } from './confidence.js';
import { chooseCategories, chooseLabel, hasMalwareEvidence } from './label.js';
import type { Contribution } from './label.js';
import type { LayerRun } from './layer-report.js';
import { recommend } from './recommendations.js';
import type { AuthenticationResult, TenantProfile } from './scanner.js';
import { logOdds, percent, points, total } from './score.js';
import type { LayerReport, ScoredFinding, Verdict } from './verdict.js';
import { WEIGHTS } from './weights.js';
import type { Weights } from './weights.js';

export interface Evidence {
  readonly message: Message;
  readonly tenant: TenantProfile;
  readonly authentication: AuthenticationResult;
  /** One run a layer, in their order. */
  readonly runs: readonly LayerRun[];
}

/** Changes when a finding is added or removed, so that a stored verdict tells which catalogue it was made with. */
const CATALOGUE_VERSION = createHash('sha256').update(Object.keys(FINDINGS).join(' ')).digest('hex').slice(0, 12);

/** Findings and weights -> verdict. The only place that decides; the layers report facts. */
export function decide(evidence: Evidence, weights: Weights = WEIGHTS): Verdict {
  const { message, tenant, authentication, runs } = evidence;
  const contributions = weigh(evidence, weights);
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
  const categories = chooseCategories(label, contributions);
  return {
    label,
    score,
    confidence: confidenceOf(message, authentication, layers),
    categories,
    authentication,
    layers,
    findings: scored(contributions, points(prior, threats)),
    recommendations: recommend(label, categories, contributions),
    engine: { catalogue: CATALOGUE_VERSION, weights: weights.version },
  };
}

/** A layer's run with the score its own findings would give. */
export function layerReport(run: LayerRun, tenant: TenantProfile, weights: Weights = WEIGHTS): LayerReport {
  const { report, findings } = run;
  if (report.status === 'skipped' || report.status === 'failed') return { ...report, score: null };
  const { threat } = weights;
  return { ...report, score: percent(total(threat.prior, logOdds(findings, threat, tenant.weights))) };
}

/** Log-odds from which a file convicts a message however ordinary its words and build: programs travel in stolen conversations. */
const CERTAIN = 4;

/** An allowed sender's mail may still carry a virus they do not know of: then being allowed counts for nothing. */
function weigh({ tenant, runs }: Evidence, weights: Weights): readonly Contribution[] {
  const found = runs.flatMap(({ report, findings }) =>
    findings.map((finding) => ({ finding, layer: report.layer, threat: 0, spam: 0 })),
  );
  const findings = found.map(({ finding }) => finding);
  const threat = logOdds(findings, weights.threat, tenant.weights);
  const spam = logOdds(findings, weights.spam, tenant.weights);
  const weighed = found.map((entry, index) => ({ ...entry, threat: threat[index] ?? 0, spam: spam[index] ?? 0 }));
  if (!hasMalwareEvidence(weighed)) return weighed;
  const certain = weighed.some(
    ({ threat, finding }) => threat >= CERTAIN && findingEntry(finding.id).category === 'malware-delivery',
  );
  return weighed.filter(
    ({ finding: { id } }) => id !== 'headers.sender-allowed' && !(certain && id.endsWith('-ordinary-mail')),
  );
}

function scored(contributions: readonly Contribution[], shares: readonly number[]): readonly ScoredFinding[] {
  return contributions
    .map(({ finding, layer }, index) => {
      const { title, advice } = findingEntry(finding.id);
      return { ...finding, layer, title, advice, points: shares[index] ?? 0 };
    })
    .sort((a, b) => Math.abs(b.points) - Math.abs(a.points));
}
