import type { Label } from '../../scanners/verdict.js';
import type { ScanReport } from '../../services/scans/report.js';
import { formatScore, INDENT } from './page.js';
import type { Page } from './page.js';
import { SHAPE } from './paint.js';
import type { Paint } from './paint.js';

const SHORTEST_GAUGE = 10;
const LONGEST_GAUGE = 30;

/** Label, score, gauge and confidence in a line; what kind of harm in the next. */
export function headline({ label, score, confidence, categories }: ScanReport, { paint, width }: Page): string[] {
  const badge = ` ${SHAPE[label]} ${label.toUpperCase()} `;
  const figure = formatScore(score);
  const sure = `confidence ${Math.round(confidence * 100)} %`;
  const room = width - `${badge}  ${figure} of 100    ${sure}`.length;
  const gauge = room < SHORTEST_GAUGE ? '' : `${drawGauge(score, label, Math.min(room, LONGEST_GAUGE), paint)}  `;
  const verdict = `${paint.badge[label](badge)}  ${paint.bold(figure)}${paint.dim(' of 100')}  ${gauge}${paint.dim(sure)}`;
  if (categories.length === 0) return [verdict];
  return [verdict, `${INDENT}${categories.map((category) => category.replace(/-/g, ' ')).join(' · ')}`];
}

function drawGauge(score: number, label: Label, columns: number, paint: Paint): string {
  const filled = Math.round((score / 100) * columns);
  return paint.label[label]('━'.repeat(filled)) + paint.dim('─'.repeat(columns - filled));
}
