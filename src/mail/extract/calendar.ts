import type { FoundLink } from './examine.js';
import { linksInText } from './links-in-text.js';
import type { FileToRead, FormatFacts } from './format.js';

const SHOWN = new Set(['SUMMARY', 'DESCRIPTION', 'LOCATION', 'COMMENT', 'ORGANIZER', 'CONTACT']);
const LINKS = 50;
/** Time zone definitions and products point at their makers; nobody is shown those. */
const SILENT = new Set(['TZURL', 'PRODID', 'TZID']);

/** Reads an invitation (RFC 5545): the lines a reader is shown as text, and every link, the organiser's address among them. */
export function readCalendar(file: FileToRead): FormatFacts {
  const source = file.bytes.toString('utf8', 0, 512 * 1024).replace(/\r?\n[ \t]/g, '');
  const lines: string[] = [];
  const links: FoundLink[] = [];
  for (const line of source.split(/\r?\n/).slice(0, 5000)) {
    const match = /^([A-Za-z-]+)((?:;[^:;="]+=(?:"[^"]*"|[^";:]*))*):(.*)$/.exec(line);
    if (match === null) continue;
    const name = (match[1] ?? '').toUpperCase();
    const value = unescape(match[3] ?? '');
    if (SHOWN.has(name) && value.trim() !== '') lines.push(`${name.toLowerCase()}: ${value}`);
    if (SILENT.has(name)) continue;
    if (name === 'ORGANIZER' && /^mailto:/i.test(value))
      links.push({ url: value, origin: 'calendar', text: 'organizer' });
    if (links.length < LINKS) links.push(...linksInText(value, 'calendar', LINKS));
  }
  return { text: lines.join('\n'), links, examined: 'complete' };
}

function unescape(value: string): string {
  return value.replace(/\\([\\;,nN])/g, (_, char: string) => (char === 'n' || char === 'N' ? '\n' : char));
}
