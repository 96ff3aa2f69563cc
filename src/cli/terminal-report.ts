import type { Label, LayerReport } from '../scanners/verdict.js';
import type { ReportedFinding, ScanReport } from '../services/scans/report.js';
import { SHAPE } from './paint.js';
import type { Paint } from './paint.js';
import { cut, harmless, textWidth, wrap } from './text-width.js';

export interface Page {
  readonly paint: Paint;
  /** Columns of a line. */
  readonly width: number;
}

const INDENT = '  ';
/** Columns in front of a finding's text: its points and its bar. */
const POINTS = 8;
const BAR = 8;
/** Findings of fewer points are named in one line together. */
const LEAST_POINTS = 0.05;
const MOST_EVIDENCE_LINES = 3;

/** The report of one message for a person: verdict, who it claims to be from, findings by their share, layers, advice. */
export function terminalReport(path: string, report: ScanReport, page: Page): string {
  const sections = [
    headline(report, page),
    letterhead(path, report, page),
    findings(report, page),
    layers(report, page),
    advice(report, page),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

/** One line: label, score, path, subject. */
export function terminalLine(path: string, report: ScanReport, { paint, width }: Page): string {
  const label = `${SHAPE[report.label]} ${report.label.padEnd(10)}`;
  const score = formatScore(report.score).padStart(5);
  const room = Math.max(width - 20, 20);
  const where = cut(harmless(path), Math.ceil(room * 0.55));
  const subject = cut(harmless(report.message.subject), Math.max(room - textWidth(where) - 2, 0));
  return `${paint.label[report.label](label)} ${score}  ${where}  ${paint.dim(subject)}`.trimEnd();
}

/** One line for what could not be scanned. */
export function terminalError(path: string, error: { code: string; message: string }, { paint }: Page): string {
  return `${paint.bad(`! ${'error'.padEnd(10)}`)} ${' '.repeat(5)}  ${harmless(path)}  ${error.message} ${paint.dim(`(${error.code})`)}`;
}

function headline({ label, score, confidence, categories }: ScanReport, { paint, width }: Page): string[] {
  const badge = paint.badge[label](` ${SHAPE[label]} ${label.toUpperCase()} `);
  const figures = `${paint.bold(formatScore(score))}${paint.dim(' of 100')}`;
  const sure = paint.dim(`confidence ${Math.round(confidence * 100)} %`);
  const used =
    label.length +
    5 +
    2 +
    textWidth(formatScore(score)) +
    7 +
    2 +
    2 +
    `confidence ${Math.round(confidence * 100)} %`.length;
  const gauge = drawGauge(score, label, Math.min(Math.max(width - used, 10), 30), paint);
  const named = categories.length === 0 ? [] : [`${INDENT}${categories.map(inWords).join(' · ')}`];
  return [`${badge}  ${figures}  ${gauge}  ${sure}`, ...named];
}

function drawGauge(score: number, label: Label, columns: number, paint: Paint): string {
  const filled = Math.round((score / 100) * columns);
  return paint.label[label]('━'.repeat(filled)) + paint.dim('─'.repeat(columns - filled));
}

function letterhead(path: string, { message, authentication, milliseconds }: ScanReport, page: Page): string[] {
  const { paint, width } = page;
  const from = message.from === null ? '' : addressLine(message.from);
  const rows: [string, string][] = [
    ['Subject', harmless(message.subject)],
    ['From', harmless(from)],
    ['To', harmless(message.to.map(addressLine).join(', '))],
    ['Date', message.date === null ? '' : message.date.replace('T', ' ').replace(/(\.\d+)?Z$/, ' UTC')],
    ['Sender', authenticationLine(authentication)],
    ['Files', harmless(message.attachments.map((file) => `${file.filename ?? 'unnamed'} (${file.type})`).join(', '))],
    [
      'Source',
      `${harmless(path)} · ${formatBytes(message.size)} · ${counted(message.link_count, 'link')} · ${milliseconds} ms`,
    ],
  ];
  return rows
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${INDENT}${paint.dim(name.padEnd(9))}${cut(value, width - 11)}`);
}

function authenticationLine({ source, by, spf, dkim, dmarc, aligned }: ScanReport['authentication']): string {
  if (source === 'none') return 'not authenticated: no result from a trusted mail server';
  const signed = dkim.find(({ result }) => result === 'pass') ?? dkim[0];
  const results = `SPF ${spf.result} · DKIM ${signed?.result ?? 'none'} · DMARC ${dmarc.result}`;
  const told = source === 'verified' ? 'verified here' : `as ${harmless(by ?? 'a trusted server')} says`;
  return `${aligned ? 'authenticated' : 'not authenticated'} · ${results} (${told})`;
}

function findings({ findings: all }: ScanReport, page: Page): string[] {
  const { paint, width } = page;
  if (all.length === 0) return [`${INDENT}${paint.dim('Nothing noteworthy was found.')}`];
  const weighty = all.filter(({ points }) => Math.abs(points) >= LEAST_POINTS);
  const light = all.filter(({ points }) => Math.abs(points) < LEAST_POINTS);
  const lines = [heading('Findings', 'points of the score', page), ...weighty.flatMap((one) => finding(one, page))];
  if (light.length === 0) return lines;
  const also = `Also seen: ${light.map(({ title }) => title.replace(/\.$/, '')).join('; ')}.`;
  return [...lines, ...wrap(also, width - 2).map((line) => `${INDENT}${paint.dim(line)}`)];
}

function finding({ title, evidence, points, layer }: ReportedFinding, { paint, width }: Page): string[] {
  const brush = points > 0 ? paint.bad : paint.good;
  const number = `${points > 0 ? '+' : '−'}${formatScore(Math.abs(points))}`;
  const bar = '▇'.repeat(Math.max(Math.round((Math.min(Math.abs(points), 100) / 100) * BAR), 1));
  const margin = ' '.repeat(2 + POINTS + BAR + 1);
  const room = width - margin.length;
  const [first = '', ...rest] = wrap(title, room - layer.length - 2);
  const gap = ' '.repeat(Math.max(room - textWidth(first) - layer.length, 1));
  return [
    `${INDENT}${brush(number.padStart(POINTS - 2))}  ${brush(bar.padEnd(BAR))} ${paint.bold(first)}${gap}${paint.dim(layer)}`,
    ...rest.map((line) => `${margin}${paint.bold(line)}`),
    ...wrap(harmless(evidence), room, MOST_EVIDENCE_LINES).map((line) => `${margin}${line}`),
  ];
}

const STATUS: Readonly<Record<LayerReport['status'], string>> = { ran: '●', reused: '◐', skipped: '○', failed: '✖' };

function layers({ layers: all }: ScanReport, page: Page): string[] {
  const { paint, width } = page;
  const row = ({ layer, status, score, milliseconds, reason }: LayerReport): string => {
    const mark = status === 'failed' ? paint.bad(STATUS.failed) : paint.accent(STATUS[status]);
    const facts =
      score === null ? ' '.repeat(17) : `${formatScore(score).padStart(5)}  ${milliseconds.toFixed(1).padStart(7)} ms`;
    const why = status === 'ran' ? '' : cut(`${status}${reason === null ? '' : `: ${harmless(reason)}`}`, width - 36);
    return `${INDENT}${mark} ${layer.padEnd(12)} ${facts}  ${paint.dim(why)}`.trimEnd();
  };
  return [heading('Layers', 'score each would give alone', page), ...all.map(row)];
}

function advice({ recommendations }: ScanReport, page: Page): string[] {
  if (recommendations.length === 0) return [];
  const items = recommendations.flatMap((text) =>
    wrap(text, page.width - 4).map((line, index) => `${INDENT}${index === 0 ? page.paint.accent('›') : ' '} ${line}`),
  );
  return [heading('What to do', '', page), ...items];
}

function heading(title: string, note: string, { paint }: Page): string {
  return `${INDENT}${paint.bold(title)}${note === '' ? '' : `  ${paint.dim(note)}`}`;
}

function addressLine({ name, address }: { readonly name: string; readonly address: string }): string {
  if (address === '') return name;
  return name === '' ? address : `${name} <${address}>`;
}

function inWords(category: string): string {
  return category.replace(/-/g, ' ');
}

function formatScore(score: number): string {
  return score.toFixed(1);
}

function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

function counted(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? '' : 's'}`;
}
