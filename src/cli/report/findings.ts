import type { ReportedFinding } from '../../services/scans/report.js';
import { formatScore, heading, INDENT } from './page.js';
import type { Page } from './page.js';
import { harmless, textWidth, wrap } from './text-width.js';

/** Columns in front of a finding's text: its points and its bar. */
const POINTS = 6;
const BAR = 8;
/** Findings of fewer points are named together. */
const LEAST_POINTS = 0.05;
const MOST_EVIDENCE_LINES = 3;

/** What was found, by its share of the score, each with its evidence. */
export function findingLines(findings: readonly ReportedFinding[], page: Page): string[] {
  if (findings.length === 0) return [`${INDENT}${page.paint.dim('Nothing noteworthy was found.')}`];
  const weighty = findings.filter(({ points }) => Math.abs(points) >= LEAST_POINTS);
  const light = findings.filter(({ points }) => Math.abs(points) < LEAST_POINTS);
  return [
    heading('Findings', 'points of the score', page),
    ...weighty.flatMap((finding) => lines(finding, page)),
    ...alsoSeen(light, page),
  ];
}

function lines({ title, evidence, points, layer }: ReportedFinding, { paint, width }: Page): string[] {
  const brush = points > 0 ? paint.bad : paint.good;
  const number = `${points > 0 ? '+' : '−'}${formatScore(Math.abs(points))}`.padStart(POINTS);
  const bar = '▇'.repeat(Math.max(Math.round((Math.min(Math.abs(points), 100) / 100) * BAR), 1)).padEnd(BAR);
  const margin = ' '.repeat(INDENT.length + POINTS + 2 + BAR + 1);
  const room = width - margin.length;
  const [first = '', ...rest] = wrap(title, room - layer.length - 2);
  const gap = ' '.repeat(Math.max(room - textWidth(first) - layer.length, 1));
  return [
    `${INDENT}${brush(number)}  ${brush(bar)} ${paint.bold(first)}${gap}${paint.dim(layer)}`,
    ...rest.map((line) => `${margin}${paint.bold(line)}`),
    ...wrap(harmless(evidence), room, MOST_EVIDENCE_LINES).map((line) => `${margin}${line}`),
  ];
}

function alsoSeen(findings: readonly ReportedFinding[], { paint, width }: Page): string[] {
  if (findings.length === 0) return [];
  const titles = [...new Set(findings.map(({ title }) => title.replace(/\.$/, '')))].join('; ');
  return wrap(`Also seen: ${titles}.`, width - INDENT.length).map((line) => `${INDENT}${paint.dim(line)}`);
}
