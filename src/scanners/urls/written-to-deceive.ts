import { factScanner } from '../fact-scanner.js';
import type { Finding } from '../scanner.js';
import type { Link, Message } from '../../mail/message.js';
import { strongestOf } from './strongest.js';
import { targetsOf } from './targets.js';

const CODE = new Set(['javascript', 'data', 'vbscript', 'file', 'blob', 'ms-msdt', 'search-ms', 'ms-appinstaller']);
const MOST = 500;
/** The part a browser takes for the host, as far as the sender wrote it out. */
const AUTHORITY = /^\s*[a-z]+:[\\/]*([^\\/?#]*)/i;

/** Links written so that people or filters read something else than the browser does. */
export const writtenToDeceive = factScanner('urls', 'written-to-deceive', (message, { tenant }) => [
  ...strongestOf('urls.user-info', targetsOf(message, tenant), ({ url, host }) => {
    if (url.username === '') return null;
    const shown = decodeSafely(url.username).slice(0, 60);
    return {
      evidence: `begins with “${shown}”, which means nothing: it opens ${host}`,
      strength: shown.includes('.') ? 1 : 0.6,
    };
  }),
  ...first('urls.script-scheme', message, ({ scheme, url, origin }) =>
    CODE.has(scheme) && origin !== 'html-image'
      ? `runs code or opens a file instead of a page: ${url.slice(0, 60)}`
      : null,
  ),
  ...first('urls.obscured', message, obscured),
]);

function obscured(link: Link): string | null {
  if (link.href === null || link.origin === 'html-image' || !/^https?$/.test(link.scheme) || link.wrappers.length > 0)
    return null;
  const written = link.url;
  const authority = AUTHORITY.exec(written)?.[1] ?? '';
  if (/^\s*https?:(?:\\|\/\\|\/\/\/|[^/\\])/i.test(written))
    return `is written “${written.slice(0, 40)}”, and opens ${link.host}`;
  if (/%[0-9a-f]{2}/i.test(authority)) return `hides its host as “${authority.slice(0, 60)}”; it opens ${link.host}`;
  const host = authority.slice(authority.lastIndexOf('@') + 1).replace(/:\d+$/, '');
  if (/^(?:0x[0-9a-f]+|\d{8,10}|(?:0x[0-9a-f]+|0\d+)(?:\.(?:0x[0-9a-f]+|\d+)){1,3})$/i.test(host)) {
    return `writes the address ${link.host} as “${host}”`;
  }
  if (/[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]/.test(written))
    return `holds invisible characters; it opens ${link.host}`;
  if (/[\uff0e\uff0f\u3002\uff61\uff21-\uff5a\u2044\u2215]/.test(authority))
    return `writes ${link.host} with look-alike dots or slashes`;
  return null;
}

function first(id: Finding['id'], message: Message, look: (link: Link) => string | null): readonly Finding[] {
  const { links } = message;
  for (let index = 0; index < Math.min(links.length, MOST); index++) {
    const link = links[index];
    const evidence = link === undefined ? null : look(link);
    if (evidence !== null) return [{ id, evidence, at: { kind: 'link', index } }];
  }
  return [];
}

function decodeSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
