import { tokenise } from '../../html/html-tokens.js';
import type { HtmlForm } from '../../message.js';

/** What one pass over a page saw. */
export interface Page {
  readonly forms: HtmlForm[];
  /** Inputs outside any form count too: script can send them. */
  readonly inputs: string[];
  /** Inline script, and the handlers and javascript: URLs of elements. */
  readonly scripts: string[];
  /** Addresses of scripts loaded from elsewhere. */
  readonly loaded: string[];
  readonly links: { readonly url: string; readonly text: string }[];
  /** Pages inside: srcdoc, data: URLs. */
  readonly inner: string[];
  refresh: string | null;
  download: boolean;
  text: string;
}

const SILENT = new Set(['script', 'style', 'title', 'template']);
const LINKS = 200;
/** Data blocks, which no browser runs. */
const DATA_SCRIPT = /json|template|x-handlebars|importmap|speculationrules/i;

/** Reads a page of HTML, XHTML or SVG in one tokenising pass. `textLength` bounds the text kept. */
export function readPage(source: string, textLength: number): Page {
  const page: Page = {
    forms: [],
    inputs: [],
    scripts: [],
    loaded: [],
    links: [],
    inner: [],
    refresh: null,
    download: false,
    text: '',
  };
  let form: { action: string; method: string; inputs: string[] } | null = null;
  let script: string | null = null;
  let silent = 0;
  let anchor: { url: string; text: string } | null = null;

  tokenise(source, {
    openTag(name, attributes) {
      if (SILENT.has(name)) silent++;
      if (name === 'script' || name === 'svg:script') {
        const address = attributes.get('src') ?? attributes.get('href') ?? attributes.get('xlink:href');
        if (address !== undefined) page.loaded.push(address);
        script = DATA_SCRIPT.test(attributes.get('type') ?? '') ? null : '';
      } else if (name === 'form') {
        form = {
          action: attributes.get('action') ?? '',
          method: (attributes.get('method') ?? 'get').toLowerCase(),
          inputs: [],
        };
        page.forms.push(form);
        addLink(page, attributes.get('action'));
      } else if (name === 'input' || name === 'textarea' || name === 'select') {
        const type = name === 'input' ? (attributes.get('type') ?? 'text').toLowerCase() : name;
        page.inputs.push(type);
        form?.inputs.push(type);
      } else if (name === 'a' || name === 'area') {
        page.download ||= attributes.has('download');
        anchor = addLink(page, attributes.get('href') ?? attributes.get('xlink:href'));
      } else if (name === 'iframe' || name === 'embed' || name === 'object' || name === 'frame') {
        const inner = attributes.get('srcdoc');
        if (inner !== undefined) page.inner.push(inner);
        addLink(page, attributes.get('src') ?? attributes.get('data'));
      } else if (name === 'meta' && attributes.get('http-equiv')?.toLowerCase() === 'refresh') {
        page.refresh = /url\s*=\s*['"]?([^'"]+)/i.exec(attributes.get('content') ?? '')?.[1]?.trim() ?? page.refresh;
        addLink(page, page.refresh ?? undefined);
      }
      for (const [key, value] of attributes) {
        if (/^on[a-z]/.test(key) && value.trim() !== '') page.scripts.push(value);
      }
    },
    text(text) {
      if (script !== null) script += text;
      else if (silent === 0 && page.text.length < textLength) page.text += text;
      if (anchor !== null && anchor.text.length < 200) anchor.text += text;
    },
    closeTag(name) {
      if (SILENT.has(name)) silent = Math.max(0, silent - 1);
      if (name === 'script' || name === 'svg:script') {
        if (script !== null && script.trim() !== '') page.scripts.push(script);
        script = null;
      } else if (name === 'form') form = null;
      else if (name === 'a') anchor = null;
      else if (BLOCKS.test(name) && !page.text.endsWith('\n')) page.text += '\n';
    },
    comment: () => undefined,
  });
  // A script that is never closed still runs.
  const rest = script as string | null;
  if (rest !== null && rest.trim() !== '') page.scripts.push(rest);
  page.text = page.text
    .replace(/[ \t\r\f\u{a0}]+/gu, ' ')
    .replace(/\s*\n\s*/g, '\n')
    .trim();
  return page;
}

const BLOCKS = /^(?:p|div|tr|td|li|h[1-6]|br|table|form|section|article|button|option|text)$/;

function addLink(page: Page, address: string | undefined): { url: string; text: string } | null {
  const url = address?.trim() ?? '';
  if (/^javascript:/i.test(url)) page.scripts.push(url.slice(11));
  const inner = /^data:text\/html[^,]*?(;base64)?,([^]*)/i.exec(url);
  if (inner !== null) page.inner.push(innerPage(inner[2] ?? '', inner[1] !== undefined));
  if (!/^(?:https?:|mailto:|tel:|ftp:|\/\/|file:)/i.test(url) || page.links.length >= LINKS) return null;
  const link = { url: url.startsWith('//') ? `https:${url}` : url, text: '' };
  page.links.push(link);
  return link;
}

function innerPage(body: string, base64: boolean): string {
  if (base64) return Buffer.from(body, 'base64').toString('utf8');
  try {
    return decodeURIComponent(body);
  } catch {
    return body;
  }
}
