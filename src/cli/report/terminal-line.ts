import type { ScanReport } from '../../services/scans/report.js';
import { formatScore } from './page.js';
import type { Page } from './page.js';
import { SHAPE } from './paint.js';
import { cut, cutFront, harmless, textWidth } from './text-width.js';

const LABELS = 10;

/** One line: label, score, path, subject. */
export function terminalLine(path: string, { label, score, message }: ScanReport, { paint, width }: Page): string {
  const room = Math.max(width - LABELS - 11, 20);
  const where = cutFront(harmless(path), Math.ceil(room * 0.55));
  const subject = cut(harmless(message.subject), Math.max(room - textWidth(where) - 2, 0));
  const verdict = paint.label[label](`${SHAPE[label]} ${label.padEnd(LABELS)}`);
  return `${verdict} ${formatScore(score).padStart(5)}  ${where}  ${paint.dim(subject)}`.trimEnd();
}

/** One line for what could not be scanned. */
export function terminalError(path: string, { code, message }: Fault, { paint }: Page): string {
  return `${paint.bad(`! ${'error'.padEnd(LABELS)}`)}        ${harmless(path)}: ${harmless(message)} ${paint.dim(`(${code})`)}`;
}

interface Fault {
  readonly code: string;
  readonly message: string;
}
