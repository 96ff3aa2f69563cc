import type { AuditRow } from '../../store/interfaces/audit.js';

const COLUMNS = ['id', 'time', 'actor', 'action', 'target', 'outcome', 'ip', 'details'] as const;

export function csvHeader(): string {
  return COLUMNS.join(',');
}

/** One line of RFC 4180, without its end. */
export function toCsv({ id, at, actor, action, target, outcome, ip, details }: AuditRow): string {
  return [id, at.toISOString(), actor, action, target ?? '', outcome, ip ?? '', JSON.stringify(details)]
    .map(cell)
    .join(',');
}

/** Spreadsheets run what begins like a formula: an apostrophe makes it text. See OWASP, CSV injection. */
function cell(value: string): string {
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
