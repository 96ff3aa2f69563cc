import type { HtmlDocument, LinkOrigin } from '../message.js';
import { DocumentFacts } from './document-facts.js';
import { BLOCK, PARAGRAPH } from './element-kinds.js';
import { tokenise } from './html-tokens.js';
import type { TokenSink } from './html-tokens.js';
import { hiddenReason, OpenElements } from './open-elements.js';
import type { Scope } from './open-elements.js';
import { Stylesheet } from './stylesheet.js';
import { readStyle } from './styles.js';
import { GAP, VisibleText } from './visible-text.js';

/** A link as the document writes it. Offsets span the whole element in the source. */
export interface HtmlLink {
  readonly url: string;
  readonly text: string;
  readonly origin: Extract<LinkOrigin, 'html-anchor' | 'html-area' | 'html-form' | 'html-image' | 'html-other'>;
  readonly start: number;
  readonly end: number;
  /** Where the link's text stands in the visible text; equal where it has none. */
  readonly visibleStart: number;
  readonly visibleEnd: number;
}

export interface HtmlReading {
  readonly document: HtmlDocument;
  readonly visible: string;
  /** In the order in which the elements begin. */
  readonly links: readonly HtmlLink[];
  readonly tooManyLinks: boolean;
}

type MutableLink = { -readonly [K in keyof HtmlLink]: HtmlLink[K] };
type Attributes = ReadonlyMap<string, string>;

const MAX_URL = 8 * 1024;
const MAX_LINK_TEXT = 2000;

/** Reads a document in one pass. At most `maxLength` UTF-16 code units of it and `maxLinks` links are looked at. */
export function readHtml(html: string, maxLength: number, maxLinks: number): HtmlReading {
  const source = html.length > maxLength ? html.slice(0, maxLength) : html;
  const reader = new HtmlReader(source, maxLinks);
  tokenise(source, reader);
  return reader.finish(html.length > maxLength);
}

class HtmlReader implements TokenSink {
  private readonly stylesheet = new Stylesheet();
  private readonly elements = new OpenElements(this.stylesheet);
  private readonly words = new VisibleText();
  private readonly facts = new DocumentFacts();
  private readonly links: MutableLink[] = [];
  private anchor: { readonly link: MutableLink; readonly tag: number; alt: string } | null = null;
  private tags = 0;
  private tooManyLinks = false;

  constructor(
    private readonly html: string,
    private readonly maxLinks: number,
  ) {}

  openTag(name: string, attributes: Attributes, start: number, end: number): void {
    const tag = this.tags++;
    this.ended(this.elements.open(name, attributes, tag), start);
    this.facts.element(name, attributes);
    if (BLOCK.has(name)) this.words.separate(GAP.line);
    else if (PARAGRAPH.has(name)) this.words.separate(GAP.paragraph);
    else if (name === 'br') this.words.breakLine();
    else if (name === 'td' || name === 'th') this.words.separate(GAP.space);
    if (attributes.size > 0) this.linksOf(name, attributes, start, end, tag);
  }

  closeTag(name: string, start: number, end: number): void {
    if (name === 'br') this.words.breakLine();
    this.ended(this.elements.close(name), end, start);
  }

  text(text: string, start: number, end: number): void {
    const scope = this.elements.current;
    if (scope.unseen) {
      if (scope.name === 'style') this.stylesheet.add(text);
      else if (scope.name === 'title') this.facts.titleText(text);
      else if (scope.name === 'script') this.facts.script(text);
      return;
    }
    const reason = hiddenReason(scope);
    if (reason !== null) {
      this.words.hide(text, reason);
      return;
    }
    const shown = this.words.add(text, start, end, scope.preformatted);
    if (shown === '') return;
    if (scope.hiddenInOutlook && shown.trim() !== '') this.words.hiddenBy.add('mso-hide');
    if (this.anchor !== null) this.extendAnchor(this.anchor.link, shown);
  }

  /** Outlook reads conditional comments, so links in there are links. */
  comment(start: number, end: number): void {
    if (!this.html.startsWith('[if', start)) return;
    const code = this.html.slice(start, Math.min(end, start + 64 * 1024));
    for (const match of code.matchAll(/\shref\s*=\s*["']?([^"'\s>]{4,2000})/gi)) {
      const at = start + match.index;
      this.addLink(match[1]?.replaceAll('&amp;', '&') ?? '', '', 'html-other', at, at + match[0].length);
    }
  }

  finish(truncated: boolean): HtmlReading {
    if (this.anchor !== null) this.endAnchor(this.html.length);
    const { words } = this;
    return {
      document: {
        ...this.facts.finish(),
        hidden: words.hidden,
        hiddenBy: [...words.hiddenBy],
        runs: words.runs,
        truncated: truncated || words.truncated,
      },
      visible: words.visible,
      links: this.links,
      tooManyLinks: this.tooManyLinks,
    };
  }

  private ended(scopes: readonly Scope[], end: number, start = end): void {
    for (const { name, tag } of scopes) {
      if (BLOCK.has(name)) this.words.separate(GAP.line);
      else if (PARAGRAPH.has(name)) this.words.separate(GAP.paragraph);
      else if (name === 'form') this.facts.endForm();
      // An anchor that is closed by its parent's end tag stops before that tag.
      if (this.anchor?.tag === tag) this.endAnchor(name === 'a' ? end : start);
    }
  }

  private linksOf(name: string, attributes: Attributes, start: number, end: number, tag: number): void {
    const value = (key: string): string => attributes.get(key) ?? '';
    switch (name) {
      case 'a':
        this.openAnchor(value('href') || value('xlink:href'), start, tag);
        break;
      case 'area':
        this.addLink(value('href'), value('alt'), 'html-area', start, end);
        break;
      case 'img':
        if (this.anchor !== null && this.anchor.alt === '')
          this.anchor.alt = value('alt').trim().slice(0, MAX_LINK_TEXT);
        this.addImage(value('src'), value('alt'), start, end);
        break;
      case 'form':
        this.addLink(value('action'), '', 'html-form', start, end);
        break;
      case 'input':
      case 'button':
        this.addLink(value('formaction'), value('value'), 'html-form', start, end);
        this.addImage(value('src'), value('alt'), start, end);
        break;
      case 'meta':
        this.addLink(refreshTarget(value('http-equiv'), value('content')), '', 'html-other', start, end);
        break;
      case 'base':
        break;
      default:
        // Frames, objects, stylesheets, SVG and VML: whatever has an address.
        this.addLink(value('href') || value('xlink:href'), '', 'html-other', start, end);
        this.addLink(value('src') || value('data'), '', 'html-other', start, end);
        this.addImage(value('background'), '', start, end);
    }
    const style = attributes.get('style');
    if (style?.includes('url(') === true) {
      for (const image of readStyle(style).images ?? []) this.addImage(image, '', start, end);
    }
  }

  private openAnchor(href: string, start: number, tag: number): void {
    // Anchors do not nest: a second one ends the first.
    if (this.anchor !== null) this.endAnchor(start);
    const link = this.addLink(href, '', 'html-anchor', start, start);
    if (link !== null) this.anchor = { link, tag, alt: '' };
  }

  private extendAnchor(link: MutableLink, shown: string): void {
    if (link.visibleStart === link.visibleEnd) link.visibleStart = this.words.length - shown.length;
    const gap = link.text !== '' && link.visibleEnd < this.words.length - shown.length ? ' ' : '';
    link.visibleEnd = this.words.length;
    if (link.text.length < MAX_LINK_TEXT) link.text = (link.text + gap + shown).slice(0, MAX_LINK_TEXT);
  }

  private endAnchor(end: number): void {
    if (this.anchor === null) return;
    const { link, alt } = this.anchor;
    link.end = Math.max(link.start, end);
    link.text = link.text.trim();
    if (link.text === '') link.text = alt;
    this.anchor = null;
  }

  private addImage(src: string, alt: string, start: number, end: number): void {
    // Pictures inside the message, and those whose address cannot be known, are no links.
    if (/^\s*(?:https?:|\/\/)/i.test(src)) this.addLink(src, alt, 'html-image', start, end);
  }

  private addLink(
    href: string,
    text: string,
    origin: HtmlLink['origin'],
    start: number,
    end: number,
  ): MutableLink | null {
    const url = href.trim();
    if (url === '' || url.startsWith('#')) return null;
    if (this.links.length >= this.maxLinks) {
      this.tooManyLinks = true;
      return null;
    }
    const at = this.words.length;
    const link = {
      url: url.slice(0, MAX_URL),
      text: text.trim().slice(0, MAX_LINK_TEXT),
      origin,
      start,
      end,
      visibleStart: at,
      visibleEnd: at,
    };
    this.links.push(link);
    return link;
  }
}

function refreshTarget(equivalent: string, content: string): string {
  if (!/^\s*refresh\s*$/i.test(equivalent)) return '';
  return /^\s*[\d.]*\s*[;,]?\s*(?:url\s*=\s*)?["']?([^"']*)/i.exec(content)?.[1]?.trim() ?? '';
}
