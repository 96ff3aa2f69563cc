import type { ScanReport } from '../../services/scans/report.js';
import { INDENT } from './page.js';
import type { Page } from './page.js';
import { cut, cutFront, harmless } from './text-width.js';

const NAMES = 9;

/** What the message says of itself, whether that is proven, and where it was read. */
export function letterhead(path: string, report: ScanReport, { paint, width }: Page): string[] {
  const { message, authentication } = report;
  const room = width - INDENT.length - NAMES;
  const rows: readonly (readonly [string, string])[] = [
    ['Subject', message.subject],
    ['From', message.from === null ? '' : addressLine(message.from)],
    ['To', message.to.map(addressLine).join(', ')],
    ['Date', message.date === null ? '' : message.date.replace('T', ' ').replace(/(\.\d+)?Z$/, ' UTC')],
    ['Sender', `${authentication.aligned ? 'proven' : 'not proven'}: ${authenticationLine(authentication)}`],
    ['Files', message.attachments.map((file) => `${file.filename ?? 'unnamed'} (${file.type})`).join(', ')],
    ['Size', sizeLine(report)],
    ['Path', cutFront(harmless(path), room)],
  ];
  return rows
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${INDENT}${paint.dim(name.padEnd(NAMES))}${cut(harmless(value), room)}`);
}

function authenticationLine({ source, by, spf, dkim, dmarc }: ScanReport['authentication']): string {
  if (source === 'none') return 'no mail server that can be believed has looked';
  const signed = dkim.find(({ result }) => result === 'pass') ?? dkim[0];
  const told = source === 'verified' ? 'verified here' : `says ${by ?? 'a trusted server'}`;
  return `SPF ${spf.result} · DKIM ${signed?.result ?? 'none'} · DMARC ${dmarc.result}, ${told}`;
}

function sizeLine({ message, milliseconds }: ScanReport): string {
  const links = `${message.link_count} ${message.link_count === 1 ? 'link' : 'links'}`;
  return `${formatBytes(message.size)} · ${links} · scanned in ${milliseconds} ms`;
}

function addressLine({ name, address }: { readonly name: string; readonly address: string }): string {
  if (address === '') return name;
  return name === '' ? address : `${name} <${address}>`;
}

function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
