import type { HtmlDocument } from '../../../mail/message.js';
import type { Facts } from '../facts.js';
import { organisation } from '../facts.js';
import { isAmong } from '../infrastructure.js';
import { bin, labelShape } from './sender.js';

/** How it is made: parts, HTML, pictures, and how much of it is text. */
export function layoutTraits(facts: Facts): string[] {
  const { message } = facts;
  const { document } = message;
  const files = message.attachments.filter(({ inline }) => !inline);
  const traits = [
    `body=${document === null ? 'text' : message.text === '' ? 'html' : 'both'}`,
    `text.length=${bin(message.visible.length, [0, 80, 250, 600, 1200, 2500, 6000, 20000])}`,
    `files=${bin(files.length, [0, 1, 3])}`,
    `parts=${bin(message.parts.length, [1, 3, 5, 8])}`,
  ];
  for (const { extension } of files.slice(0, 3)) traits.push(`file=${extension === '' ? 'none' : extension}`);
  if (document === null) return traits;
  return [...traits, ...htmlTraits(document, message.html, message.visible), ...imageTraits(facts, document)];
}

function htmlTraits(document: HtmlDocument, html: string, visible: string): string[] {
  const { elements } = document;
  const count = (name: string): number => elements[name] ?? 0;
  const start = html.slice(0, 3000);
  const hidden = document.hidden.trim().length;
  return [
    `html.doctype=${doctype(start)}`,
    `html.skeleton=${count('html') > 0}/${count('head') > 0}/${count('body') > 0}`,
    `html.title=${document.title.trim() === '' ? (count('title') > 0 ? 'empty' : 'none') : 'text'}`,
    `html.lang=${document.lang === null ? 'none' : 'given'}`,
    `html.style=${bin(count('style'), [0, 1, 3])}`,
    `html.meta=${bin(count('meta'), [0, 1, 2, 4])}`,
    `html.tables=${bin(count('table'), [0, 1, 3, 8, 20])}`,
    `html.center=${bin(count('center'), [0, 1, 3])}`,
    `html.font=${bin(count('font'), [0, 2])}`,
    `html.headings=${count('h1') + count('h2') + count('h3') > 0}`,
    `html.paragraphs=${bin(count('p'), [0, 2, 6])}`,
    `html.breaks=${bin(count('br'), [0, 4, 12, 40])}`,
    `html.form=${document.forms.length > 0}`,
    `html.script=${document.scripts.length > 0 || document.handlers.length > 0}`,
    `html.mso=${start.includes('mso') || start.includes('schemas-microsoft')}`,
    `html.viewport=${/name=["']?viewport/i.test(start)}`,
    `html.density=${bin(visible.length / Math.max(1, html.length), [0.01, 0.04, 0.1, 0.25, 0.5])}`,
    `html.hidden=${bin(hidden, [0, 60, 200, 600, 3000])}`,
    `html.hidden-share=${bin(hidden / Math.max(1, hidden + visible.length), [0, 0.05, 0.2, 0.5, 0.8])}`,
    `html.maps=${count('map') + count('area') > 0}`,
    `html.unknown=${bin(Object.keys(elements).filter((name) => !KNOWN.has(name) && !name.includes(':')).length, [0, 1, 3])}`,
  ];
}

function imageTraits({ fromOrg, links }: Facts, document: HtmlDocument): string[] {
  const shown = document.images.filter(({ width, height }) => (width ?? 100) > 3 && (height ?? 100) > 3);
  const pixels = document.images.length - shown.length;
  const traits = [
    `images=${bin(shown.length, [0, 1, 2, 5, 12])}`,
    `images.pixels=${bin(pixels, [0, 1, 2])}`,
    `images.alt=${shown.length === 0 ? 'no-images' : shown.some(({ alt }) => alt.trim() !== '')}`,
    `images.per-link=${links.length === 0 ? 'no-links' : bin(shown.length / links.length, [0, 0.3, 1, 2])}`,
  ];
  const kinds = new Set(shown.slice(0, 40).map(({ src }) => imageKind(src, fromOrg)));
  for (const kind of kinds) traits.push(`images.at=${kind}`);
  return traits;
}

function imageKind(src: string, fromOrg: string): string {
  if (/^cid:/i.test(src)) return 'inside';
  if (/^data:/i.test(src)) return 'data';
  const host = /^(?:https?:)?\/\/([^/?#:]+)/i.exec(src)?.[1]?.toLowerCase() ?? '';
  if (host === '') return 'nowhere';
  const org = organisation(host);
  if (org === fromOrg) return 'own';
  if (isAmong('imageHosts', host)) return 'image-host';
  if (isAmong('mailServices', host)) return 'mail-service';
  if (isAmong('freeHosting', host)) return 'free-hosting';
  return labelShape(org.split('.')[0] ?? '') === 'unspeakable' ? 'odd' : 'foreign';
}

function doctype(start: string): string {
  const found = /<!doctype\s+html([^>]*)>/i.exec(start);
  if (found === null) return 'none';
  return found[1]?.trim() === '' ? 'html5' : /xhtml/i.test(found[1] ?? '') ? 'xhtml' : 'html4';
}

const KNOWN = new Set(
  (
    'a abbr acronym address area article aside audio b base big blockquote body br button caption center cite code col colgroup dd del ' +
    'details dfn div dl dt em fieldset figcaption figure font footer form h1 h2 h3 h4 h5 h6 head header hr html i iframe img input ins kbd label ' +
    'legend li link main map mark meta nav noscript o object ol optgroup option p picture pre q s samp script section select small source span ' +
    'strike strong style sub summary sup svg path g rect circle table tbody td textarea tfoot th thead time title tr tt u ul var video wbr xml v w font ' +
    'center bdo bdi nobr dir menu param embed defs use polygon line polyline ellipse text lineargradient stop clippath'
  ).split(' '),
);
