import type { ScanReport } from '../../services/scans/report.js';
import { findingLines } from './findings.js';
import { headline } from './headline.js';
import { layerLines } from './layers.js';
import { letterhead } from './letterhead.js';
import { heading, INDENT } from './page.js';
import type { Page } from './page.js';
import { wrap } from './text-width.js';

/** The report of one message for a person: verdict, who it claims to be from, findings by their share, layers, advice. */
export function terminalReport(path: string, report: ScanReport, page: Page): string {
  const sections = [
    headline(report, page),
    letterhead(path, report, page),
    findingLines(report.findings, page),
    layerLines(report.layers, page),
    advice(report.recommendations, page),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function advice(recommendations: readonly string[], page: Page): string[] {
  if (recommendations.length === 0) return [];
  const items = recommendations.flatMap((text) =>
    wrap(text, page.width - 4).map((line, index) => `${INDENT}${index === 0 ? page.paint.accent('›') : ' '} ${line}`),
  );
  return [heading('What to do', '', page), ...items];
}
