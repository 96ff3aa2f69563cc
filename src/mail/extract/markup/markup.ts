import type { HtmlForm, MarkupFacts } from '../../message.js';
import type { FoundLink } from '../examine.js';
import type { FileToRead, FormatFacts } from '../format.js';
import { readPage } from './page.js';
import { pagesInScript, smugglingMarks } from './smuggling.js';

const LARGEST = 4 * 1024 * 1024;
/** Pages inside pages, as phishing kits wrap them, and how deep. */
const PAGES = 12;
const DEPTH = 3;
const REDIRECT =
  /\b(?:(?:window|document|self|top|parent)\s*\.\s*)?location(?:\s*\.\s*(?:href|assign|replace))?\s*(?:=|\()\s*["'`](https?:[^"'`\s]{3,2000})/i;
const SCRIPT_URL = /["'`](https?:\/\/[^"'`\s<>]{4,2000})["'`]/g;
const SCRIPT_URLS = 50;

/** Reads an attached HTML, XHTML, SVG or HTA file, and the pages its script would write, decoded but never run. */
export function readMarkup(file: FileToRead): FormatFacts {
  const source = decodeSource(file.bytes.subarray(0, LARGEST));
  const queue = [{ source, depth: 0 }];
  const marks = new Set<string>();
  const forms: HtmlForm[] = [];
  const links = new Map<string, FoundLink>();
  let scripts = false;
  let passwordInput = false;
  let redirect: string | null = null;
  let text = '';

  for (let i = 0; i < queue.length && i < PAGES && file.budget.inTime(); i++) {
    const { source: html, depth } = queue[i] ?? { source: '', depth: 0 };
    const page = readPage(html, file.budget.limits.textLength - text.length);
    const code = page.scripts.join('\n');
    scripts ||= page.scripts.length > 0 || page.loaded.length > 0;
    passwordInput ||= page.inputs.includes('password');
    forms.push(...page.forms);
    text += `${page.text}\n`;
    redirect ??= page.refresh ?? REDIRECT.exec(code)?.[1] ?? null;
    if (page.download) marks.add('download-attribute');
    for (const mark of smugglingMarks(code)) marks.add(mark);
    for (const { url, text: label } of page.links) keep(links, url, label.trim());
    for (const [, url] of [...code.matchAll(SCRIPT_URL)].slice(0, SCRIPT_URLS)) keep(links, url ?? '', '');
    const inner = depth < DEPTH ? [...page.inner, ...pagesInScript(code)] : [];
    queue.push(...inner.map((found) => ({ source: found, depth: depth + 1 })));
  }
  const markup: MarkupFacts = { scripts, passwordInput, forms: forms.slice(0, 50), smuggling: [...marks], redirect };
  const partial = file.bytes.length > LARGEST || queue.length > PAGES;
  return { markup, text: text.trim(), links: [...links.values()], examined: partial ? 'partial' : 'complete' };
}

function keep(links: Map<string, FoundLink>, url: string, text: string): void {
  if (!links.has(url)) links.set(url, { url, origin: 'attachment', text });
}

/** UTF-16 by its mark, otherwise UTF-8, which leaves ASCII intact whatever the file claims to be. */
function decodeSource(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.toString('utf16le', 2);
  return bytes.toString('utf8');
}
