import type { LayerReport } from '../../scanners/verdict.js';
import { formatScore, heading, INDENT } from './page.js';
import type { Page } from './page.js';
import { cut, harmless } from './text-width.js';

const MARK: Readonly<Record<LayerReport['status'], string>> = { ran: '●', reused: '◐', skipped: '○', failed: '✖' };
const NAMES = 13;
/** Columns before a reason: of a layer without figures, and of one with them. */
const PLAIN = 4 + NAMES;
const FIGURES = PLAIN + 19;

/** What ran, with what it would say alone; what did not run, with the reason. */
export function layerLines(layers: readonly LayerReport[], page: Page): string[] {
  return [heading('Layers', 'score each would give alone', page), ...layers.map((layer) => row(layer, page))];
}

function row({ layer, status, score, milliseconds, reason, by }: LayerReport, { paint, width }: Page): string {
  const mark = status === 'failed' ? paint.bad(MARK.failed) : paint.accent(MARK[status]);
  const name = `${INDENT}${mark} ${layer.padEnd(NAMES)}`;
  const who = by === undefined ? '' : `read by ${harmless(by)}`;
  const why = status === 'ran' ? who : `${status}${reason === null ? '' : `: ${harmless(reason)}`}`;
  if (score === null) return `${name}${paint.dim(cut(why, width - PLAIN))}`;
  const time = `${milliseconds.toFixed(1).padStart(7)} ms`;
  return `${name}${formatScore(score).padStart(5)}  ${paint.dim(time)}  ${paint.dim(cut(why, width - FIGURES))}`.trimEnd();
}
