import { LABELS } from '../scanners/verdict.js';
import { SHAPE } from './report/paint.js';
import type { ScanOptions } from './scan-options.js';
import type { ScanLine } from './scan.js';
import type { Tally } from './tally.js';
import type { Page } from './report/page.js';
import { terminalError, terminalLine } from './report/terminal-line.js';
import { terminalReport } from './report/terminal-report.js';

/** Turns results into text, one after the other. */
export interface ScanPrinter {
  print(line: ScanLine): string;
  /** What follows the last result. */
  end(tally: Tally): string;
}

/** Among several messages the safe ones take a line each, so that the others stand out. */
export function createPrinter(options: ScanOptions, several: boolean, page: Page): ScanPrinter {
  if (options.json) return { print: jsonLine, end: () => '' };
  let first = true;
  return {
    print(line) {
      if ('error' in line) return `${terminalError(line.path, line.error, page)}\n`;
      if (options.brief || (several && line.report.label === 'safe'))
        return `${terminalLine(line.path, line.report, page)}\n`;
      const rule = first ? '\n' : `\n${page.paint.dim('─'.repeat(page.width))}\n\n`;
      first = false;
      return `${rule}${terminalReport(line.path, line.report, page)}`;
    },
    end: (tally) => (tally.messages + tally.errors > 1 ? summary(tally, page) : ''),
  };
}

/** One object a line; the path first, so that a person can find a line with grep. */
function jsonLine(line: ScanLine): string {
  if ('error' in line) {
    const { code, message } = line.error;
    return `${JSON.stringify({ path: line.path, error: { code, message } })}\n`;
  }
  return `${JSON.stringify({ path: line.path, ...line.report })}\n`;
}

function summary({ messages, errors, labels, seconds }: Tally, { paint }: Page): string {
  const parts = LABELS.filter((label) => labels[label] > 0).map((label) =>
    paint.label[label](`${SHAPE[label]} ${labels[label].toLocaleString('en')} ${label}`),
  );
  if (errors > 0) parts.push(paint.bad(`! ${errors.toLocaleString('en')} not scanned`));
  const rate = paint.dim(
    `${messages.toLocaleString('en')} in ${seconds.toFixed(1)} s, ${(messages / seconds).toFixed(0)}/s`,
  );
  return `\n${parts.join('   ')}   ${rate}\n`;
}
