import { useId, useState } from 'preact/hooks';
import type { CatalogueFinding } from '../api/types.js';
import * as format from '../parts/format.js';
import { FACTORS, strengthInWords } from './words.js';

interface FindingRowProps {
  readonly finding: CatalogueFinding;
  readonly factor: number;
  /** Scans in which it could have been reported. */
  readonly scans: number;
  readonly onFactor: (factor: number) => void;
}

/** A finding of the catalogue: what it says, how much it counts, how often it was reported, and the factor. */
export function FindingRow({ finding, factor, scans, onFactor }: FindingRowProps) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const { weight, spam_weight: spam, points, fired } = finding;
  const counts = weight !== 0 || spam !== 0;
  const choices = FACTORS.some((choice) => choice.factor === factor)
    ? FACTORS
    : [...FACTORS, { factor, name: `× ${factor}` }].sort((a, b) => a.factor - b.factor);
  return (
    <li data-changed={factor === 1 ? undefined : ''}>
      <div class="catalogue-text">
        <button type="button" aria-expanded={open} aria-controls={id} onClick={() => setOpen(!open)}>
          {finding.title}
        </button>
        <p class="hint">
          {format.sentence(strengthInWords(finding))}
          {Math.abs(points) < 0.05 ? null : `; ${format.points(points)} points alone`}
          <span class="catalogue-fired">
            {fired === 0 ? 'not reported lately' : `in ${share(fired, scans)} of scans (${fired})`}
          </span>
        </p>
        <div id={id} hidden={!open} class="catalogue-more">
          <p>{finding.meaning}</p>
          <p class="mono hint">{finding.id}</p>
        </div>
      </div>
      {counts ? (
        <select
          aria-label={`How much “${finding.title}” counts`}
          value={String(factor)}
          onChange={(event) => onFactor(Number(event.currentTarget.value))}
        >
          {choices.map((choice) => (
            <option key={choice.factor} value={String(choice.factor)}>
              {choice.name}
            </option>
          ))}
        </select>
      ) : (
        <span class="hint">only shown</span>
      )}
    </li>
  );
}

function share(fired: number, scans: number): string {
  const percent = (fired / Math.max(scans, 1)) * 100;
  return percent < 1 ? 'under 1 %' : `${Math.round(percent)} %`;
}
