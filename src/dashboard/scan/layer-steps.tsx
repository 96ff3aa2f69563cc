import type { Layer, LayerReport } from '../api/types.js';
import { Icon } from '../parts/icon.js';
import { LAYER_WORDS, LAYERS } from '../parts/labels.js';

/** The six layers in their order, each as it stands: waiting, at work, or finished with its outcome. */
export function LayerSteps({ layers, active }: { readonly layers: readonly LayerReport[]; readonly active: boolean }) {
  const done = new Map(layers.map((report) => [report.layer, report]));
  const next = LAYERS.find((layer) => !done.has(layer));
  return (
    <ol class="layer-steps">
      {LAYERS.map((layer) => {
        const state = done.get(layer)?.status ?? (active && layer === next ? 'working' : 'waiting');
        return (
          <li key={layer} data-state={state}>
            <span class="step-mark">{stepIcon(state)}</span>
            <span>
              {LAYER_WORDS[layer].name}
              <span class="visually-hidden">: {spoken(state, layer)}</span>
            </span>
          </li>
        );
      })}
    </ol>
  );
}

type StepState = LayerReport['status'] | 'working' | 'waiting';

function stepIcon(state: StepState) {
  return state === 'working' || state === 'waiting' ? null : <Icon name={state} size={14} />;
}

function spoken(state: StepState, layer: Layer): string {
  const words: Record<StepState, string> = {
    ran: 'looked',
    reused: 'result of an earlier look',
    skipped: 'skipped',
    failed: `failed: ${LAYER_WORDS[layer].looks}`,
    working: 'looking now',
    waiting: 'not yet',
  };
  return words[state];
}
