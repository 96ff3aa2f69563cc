import { isIP } from 'node:net';
import { getDomain } from 'tldts';
import { isIpAddress, toAsciiHost } from '../../mail/domains.js';
import { safeBrowsingUrl } from '../../mail/links/safe-browsing.js';

/** One thing a feed lists, written so that equal things have equal text. */
export interface Listed {
  readonly kind: 'url' | 'domain' | 'ip' | 'sha256';
  readonly value: string;
}

/** `0.0.0.0 evil.example other.example`, as hosts files block names. */
const HOSTS_LINE = /^(?:0\.0\.0\.0|127(?:\.\d{1,3}){3}|::1?|fe80::1%lo0)\s+(\S.*)$/;
const NOT_BLOCKED = /^(localhost|localhost\.localdomain|local|broadcasthost|ip6-[a-z]+|0\.0\.0\.0)$/;
const COMMENT = /^\s*(?:#|;|!|\/\/|$)/;
const MOST_CHARACTERS = 4096;

/** Reads the lines of one feed in turn: what column a CSV file lists in shows with its first line that lists something. */
export class LineReader {
  #column: number | null = null;
  #rows = 0;

  /** What the line lists; 'nothing' for comments and empty lines; 'unknown' for what is not understood. */
  read(line: string): readonly Listed[] | 'nothing' | 'unknown' {
    if (COMMENT.test(line)) return 'nothing';
    if (line.length > MOST_CHARACTERS) return 'unknown';
    const text = line.replace(/\s+#.*$/, '').trim();
    const hosts = HOSTS_LINE.exec(text)?.[1];
    if (hosts !== undefined) return readHosts(hosts);
    const whole = readIndicator(text);
    if (whole !== null) return [whole];
    return this.#readRow(text);
  }

  #readRow(text: string): readonly Listed[] | 'nothing' | 'unknown' {
    const cells = cellsOf(text);
    if (cells.length < 2) return 'unknown';
    this.#rows += 1;
    const column = this.#column ?? cells.findIndex((cell) => readIndicator(cell) !== null);
    const listed = readIndicator(cells[column] ?? '');
    // The first row may name the columns.
    if (listed === null) return this.#rows === 1 ? 'nothing' : 'unknown';
    this.#column = column;
    return [listed];
  }
}

function readHosts(names: string): readonly Listed[] | 'nothing' | 'unknown' {
  const hosts = names.split(/\s+/).filter((name) => !NOT_BLOCKED.test(name));
  if (hosts.length === 0) return 'nothing';
  const listed = hosts.flatMap((name) => readDomain(name) ?? []);
  return listed.length === 0 ? 'unknown' : listed;
}

/** One cell or line. Defanged forms (`hxxp`, `[.]`) and the domain rules of filter lists (`||name^`, `*.name`) are understood. */
function readIndicator(written: string): Listed | null {
  const text = written.replaceAll('[.]', '.').replace(/^hxxp/i, 'http').trim();
  if (/^[\da-f]{64}$/i.test(text)) return { kind: 'sha256', value: text.toLowerCase() };
  if (/^(https?|ftp):\/\//i.test(text)) return readUrl(text);
  const address = text.replace(/(\/32|\/128)$/, '').replace(/^((?:\d{1,3}\.){3}\d{1,3}):\d{1,5}$/, '$1');
  if (isIP(address) !== 0) return { kind: 'ip', value: ipText(address) };
  const name = text
    .replace(/^\|\|/, '')
    .replace(/\^$/, '')
    .replace(/^\*?\./, '');
  if (/^[^\s/:?@,"']+\/\S*$/.test(name) && readDomain(name.slice(0, name.indexOf('/'))) !== null)
    return readUrl(`http://${name}`);
  return readDomain(name);
}

/** A bare public suffix would list everybody below it, so it lists nothing. */
function readDomain(name: string): Listed | null {
  if (!/^[^\s/:?@,"'|^*%]+\.[^\s/:?@,"'|^*%.\d][^\s/:?@,"'|^*%.]*\.?$/.test(name)) return null;
  const host = toAsciiHost(name.toLowerCase());
  if (!/^[a-z0-9_.-]{3,253}$/.test(host)) return null;
  const domain = getDomain(host, { extractHostname: false, validateHostname: false });
  return domain === null ? null : { kind: 'domain', value: host };
}

function readUrl(url: string): Listed | null {
  const value = urlText(url);
  return value === null ? null : { kind: 'url', value };
}

/** A link as feeds are searched for it: the scheme does not matter. */
export function urlText(url: string): string | null {
  const canonical = safeBrowsingUrl(url);
  if (canonical === null) return null;
  const text = canonical.slice(canonical.indexOf('://') + 3);
  const host = text.slice(0, text.indexOf('/'));
  return isIpAddress(host) || host.includes('.') ? text : null;
}

/** IPv6 addresses have many spellings. */
export function ipText(address: string): string {
  const bare = address.replace(/^\[|\]$/g, '');
  return bare.includes(':') && URL.canParse(`http://[${bare}]/`)
    ? new URL(`http://[${bare}]/`).hostname.slice(1, -1)
    : bare;
}

function cellsOf(row: string): readonly string[] {
  const separator = row.includes('\t') ? '\t' : row.includes(';') && !row.includes(',') ? ';' : ',';
  const cells: string[] = [];
  let cell = '';
  let quoted = false;
  for (let index = 0; index < row.length; index++) {
    const char = row.charAt(index);
    if (char === '"') {
      quoted = !quoted;
    } else if (char === separator && !quoted) {
      cells.push(cell.trim());
      cell = '';
    } else {
      cell += char;
    }
  }
  return [...cells, cell.trim()];
}
