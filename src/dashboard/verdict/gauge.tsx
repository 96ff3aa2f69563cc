import type { Label } from '../api/types.js';
import * as format from '../parts/format.js';

const CENTRE = 70;
const RADIUS = 58;
const LENGTH = Math.PI * RADIUS;

/** The score as a half circle. The number says the same, so the drawing is hidden from screen readers. */
export function Gauge({ label, score }: { readonly label: Label; readonly score: number }) {
  const arc = `M${CENTRE - RADIUS} ${CENTRE}A${RADIUS} ${RADIUS} 0 0 1 ${CENTRE + RADIUS} ${CENTRE}`;
  const filled = (LENGTH * Math.min(100, Math.max(0, score))) / 100;
  return (
    <div class="gauge" data-label={label}>
      <svg viewBox="0 0 140 78" width="140" height="78" aria-hidden="true" focusable="false">
        <path class={label === 'incomplete' ? 'gauge-track hatched' : 'gauge-track'} d={arc} />
        {score >= 0.5 ? <path class="gauge-value" d={arc} stroke-dasharray={`${filled} ${LENGTH}`} /> : null}
        {[25, 50, 75].map((mark) => (
          <Tick key={mark} at={mark} />
        ))}
      </svg>
      <p class="gauge-number">
        <span class="visually-hidden">Score </span>
        {format.score(score)}
      </p>
      <p class="gauge-words">of 100, the risk of fraud or malware</p>
    </div>
  );
}

function Tick({ at }: { readonly at: number }) {
  const angle = Math.PI * (1 - at / 100);
  const point = (radius: number): string =>
    `${(CENTRE + radius * Math.cos(angle)).toFixed(2)} ${(CENTRE - radius * Math.sin(angle)).toFixed(2)}`;
  return <path class="gauge-tick" d={`M${point(RADIUS + 8)}L${point(RADIUS + 11)}`} />;
}
