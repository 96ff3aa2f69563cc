import type { FoundLink } from '../extract/examine.js';
import type { HtmlLink, HtmlReading } from '../html/read-html.js';
import type { HeaderField, Link, Message } from '../message.js';
import type { DefectLog } from '../mime/defect-log.js';
import { findLinks } from './find-links.js';
import { LinkMaker } from './make-link.js';
import type { WrittenLink } from './make-link.js';

/** Everywhere a message may carry links. */
export interface LinkSources {
  readonly reading: HtmlReading | null;
  readonly text: string;
  readonly headers: readonly HeaderField[];
  readonly attached: readonly { readonly link: FoundLink; readonly attachment: number }[];
  readonly nested: readonly Message[];
  readonly most: number;
  readonly defects: DefectLog;
}

/** All links of a message. An address that the text repeats from the HTML, or the HTML's text from its anchors, counts once. */
export function collectLinks(sources: LinkSources): Link[] {
  const { reading, most, defects } = sources;
  const maker = new LinkMaker(reading?.document.baseHref ?? null);
  const baseless = new LinkMaker(null);
  const links: Link[] = [];
  const add = (written: WrittenLink): void => {
    if (links.length < most) links.push(maker.make(written));
  };

  for (const link of reading?.links ?? []) add(fromHtml(link));
  const inHtml = new Set(links.map((link) => link.href));
  const addNew = (written: WrittenLink): void => {
    if (!inHtml.has(maker.make(written).href)) add(written);
  };
  if (reading !== null) {
    for (const { url, start, end } of outside(findLinks(reading.visible, most), reading.links)) {
      add({ url, text: url, origin: 'text', at: { kind: 'visible', start, end } });
    }
  }
  for (const { url, start, end } of findLinks(sources.text, most)) {
    addNew({ url, text: url, origin: 'text', at: { kind: 'text', start, end } });
  }
  const subject = sources.headers.findIndex((field) => field.name === 'subject');
  for (const { url } of findLinks(sources.headers[subject]?.value ?? '', most)) {
    add({ url, text: url, origin: 'subject', at: { kind: 'header', index: subject } });
  }
  for (const { link, attachment } of sources.attached) {
    const written = {
      url: link.url,
      text: link.text,
      origin: link.origin,
      at: { kind: 'attachment', index: attachment },
    } as const;
    if (links.length < most) links.push(baseless.make(written));
  }
  for (const message of sources.nested) {
    for (const link of message.links)
      if (links.length < most) links.push({ ...link, origin: 'nested', at: { kind: 'message' } });
  }
  if (links.length >= most || reading?.tooManyLinks === true) defects.add('too-many-links', `more than ${most}`);
  return links;
}

function fromHtml({ url, text, origin, start, end }: HtmlLink): WrittenLink {
  return { url, text, origin, at: { kind: 'html', start, end } };
}

/** Addresses in visible text that no anchor already covers. Both lists are in order. */
function outside<T extends { start: number; end: number }>(found: readonly T[], anchors: readonly HtmlLink[]): T[] {
  const covered = anchors.filter((anchor) => anchor.visibleEnd > anchor.visibleStart);
  let at = 0;
  return found.filter(({ start, end }) => {
    while (at < covered.length && (covered[at]?.visibleEnd ?? 0) <= start) at++;
    const anchor = covered[at];
    return anchor === undefined || anchor.visibleStart >= end;
  });
}
