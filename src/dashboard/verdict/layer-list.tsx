import type { Finding, LayerReport } from '../api/types.js';
import * as format from '../parts/format.js';
import { Icon } from '../parts/icon.js';
import { LAYER_WORDS } from '../parts/labels.js';

interface LayerListProps {
  readonly layers: readonly LayerReport[];
  readonly findings: readonly Finding[];
}

/** What ran and what did not, and why. */
export function LayerList({ layers, findings }: LayerListProps) {
  return (
    <section class="sheet layers" aria-labelledby="layers-title">
      <header class="section-head">
        <h2 id="layers-title">What was looked at</h2>
        <p class="hint">score from each layer alone</p>
      </header>
      <ul>
        {layers.map((report) => (
          <li key={report.layer} data-state={report.status}>
            <span class="step-mark">
              <Icon name={report.status} size={14} />
            </span>
            <div>
              <p class="layer-name">
                {LAYER_WORDS[report.layer].name}
                <span class="layer-state">{stateOf(report)}</span>
              </p>
              <p class="layer-looks">
                {report.reason === null
                  ? (readBy(report) ?? LAYER_WORDS[report.layer].looks)
                  : format.sentence(report.reason)}
              </p>
              {report.by === undefined ? null : (
                <Said findings={findings.filter(({ layer }) => layer === report.layer)} />
              )}
            </div>
            <span class="layer-score">{report.score === null ? '–' : format.score(report.score)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Whose opinion it is, where it is not postern's own. */
function readBy({ by }: LayerReport): string | null {
  return by === undefined ? null : `Read by ${by}`;
}

function Said({ findings }: { readonly findings: readonly Finding[] }) {
  if (findings.length === 0) return <p class="layer-looks">It saw nothing to warn of.</p>;
  return (
    <ul class="layer-said">
      {findings.map(({ id, title, evidence }) => (
        <li key={id}>
          {title}: {evidence}
        </li>
      ))}
    </ul>
  );
}

function stateOf(report: LayerReport): string {
  switch (report.status) {
    case 'ran':
      return format.duration(report.milliseconds);
    case 'reused':
      return 'from an earlier scan';
    case 'skipped':
      return 'not run';
    case 'failed':
      return 'failed';
  }
}
