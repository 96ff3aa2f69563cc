import type { LayerReport } from '../api/types.js';
import { LAYER_WORDS } from '../parts/labels.js';
import { Term } from '../parts/term.js';

const STEPS = 10;

/** How much of what matters could be looked at. Words first; the bar repeats them. */
export function Confidence({ value, layers }: { readonly value: number; readonly layers: readonly LayerReport[] }) {
  const percent = Math.round(value * 100);
  const unseen = layers.filter((layer) => layer.status === 'skipped' || layer.status === 'failed');
  const names = unseen.map((layer) => LAYER_WORDS[layer.layer].name.toLowerCase());
  return (
    <div class="confidence">
      <div class="confidence-bar" aria-hidden="true">
        {Array.from({ length: STEPS }, (_, step) => (
          <span key={step} data-on={step < Math.round(value * STEPS) ? '' : undefined} />
        ))}
      </div>
      <p>
        <Term meaning="The share of the evidence for such a message that could be examined. Low confidence means that something important could not be looked at, not that the verdict is wrong.">
          Confidence
        </Term>{' '}
        <strong>{percent} %</strong>
        {names.length === 0 ? '. Everything could be looked at.' : `. Not looked at: ${names.join(', ')}.`}
      </p>
    </div>
  );
}
