import { useState } from 'preact/hooks';
import type { Overview } from '../api/types.js';
import { LabelShape } from '../parts/label-mark.js';
import { LABEL_WORDS, LABELS } from '../parts/labels.js';
import * as format from '../parts/format.js';
import { Link } from '../parts/link.js';
import { historyPath } from '../state/router.js';
import { DaysTable } from './days-table.js';

const WIDTH = 364;
const HEIGHT = 120;
const GAP = 6;

/** Verdicts by day as stacked bars, dangerous ones at the foot where they are easiest to compare. */
export function DaysChart({ overview }: { readonly overview: Overview }) {
  const [asTable, setAsTable] = useState(false);
  const most = Math.max(1, ...overview.days.map((entry) => entry.total));
  const step = WIDTH / Math.max(1, overview.days.length);
  return (
    <>
      {asTable ? (
        <DaysTable overview={overview} />
      ) : (
        <svg
          class="days-chart"
          viewBox={`0 0 ${WIDTH} ${HEIGHT + 20}`}
          role="img"
          aria-label={`${format.count(overview.total, 'message')} scanned in ${format.count(overview.days.length, 'day')}; at most ${most} a day. The table has the numbers.`}
        >
          <pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <path class="hatch-ground" d="M0 0h5v5H0z" />
            <path class="hatch-line" d="M0 0v5" />
          </pattern>
          <path class="days-base" d={`M0 ${HEIGHT + 0.5}H${WIDTH}`} />
          {overview.days.map((entry, index) => (
            <Bar
              key={entry.day}
              entry={entry}
              x={index * step + GAP / 2}
              width={step - GAP}
              scale={(HEIGHT - 4) / most}
              named={index === 0 || index === overview.days.length - 1}
            />
          ))}
        </svg>
      )}
      <ul class="days-legend">
        {LABELS.filter((label) => (overview.counts[label] ?? 0) > 0).map((label) => (
          <li key={label}>
            <Link to={historyPath(`label:${label} since:${overview.since}`)}>
              <LabelShape label={label} size={14} />
              <span>{LABEL_WORDS[label].name}</span>
              <span class="days-count">{overview.counts[label]}</span>
            </Link>
          </li>
        ))}
      </ul>
      <button type="button" class="button quiet small" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
        {asTable ? 'Show as chart' : 'Show as table'}
      </button>
    </>
  );
}

interface BarProps {
  readonly entry: Overview['days'][number];
  readonly x: number;
  readonly width: number;
  readonly scale: number;
  readonly named: boolean;
}

function Bar({ entry, x, width, scale, named }: BarProps) {
  let top = HEIGHT;
  return (
    <g>
      <title>
        {format.day(entry.day)}: {format.count(entry.total, 'message')}
      </title>
      {LABELS.map((label) => {
        const height = (entry.counts[label] ?? 0) * scale;
        if (height === 0) return null;
        top -= height;
        return (
          <rect
            key={label}
            class="days-bar"
            data-label={label}
            x={x}
            y={top}
            width={width}
            height={Math.max(1, height - 1)}
          />
        );
      })}
      {named ? (
        <text
          class="days-name"
          x={x > WIDTH / 2 ? x + width : x}
          y={HEIGHT + 16}
          text-anchor={x > WIDTH / 2 ? 'end' : 'start'}
        >
          {format.day(entry.day)}
        </text>
      ) : null}
    </g>
  );
}
