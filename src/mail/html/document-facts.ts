import type { HtmlDocument, HtmlForm, HtmlImage } from '../message.js';
import { pixels } from './styles.js';

const MAX_URL = 2048;
const MAX_IMAGES = 1000;
const MAX_FORMS = 50;
const MAX_INPUTS = 200;
const MAX_SCRIPTS = 50;
const MAX_SCRIPT = 32 * 1024;
const MAX_HANDLERS = 200;
const MAX_HANDLER = 1000;
const MAX_FRAMES = 100;
const MAX_NAMES = 200;
const MAX_TITLE = 1000;

type Facts = Pick<
  HtmlDocument,
  'title' | 'lang' | 'forms' | 'images' | 'scripts' | 'handlers' | 'frames' | 'metaRefresh' | 'baseHref' | 'elements'
>;

type MutableForm = { -readonly [K in keyof HtmlForm]: HtmlForm[K] } & { inputs: string[] };

/** Collects what elements a document has, bounded in number and length. Text is not its matter. */
export class DocumentFacts {
  private title = '';
  private lang: string | null = null;
  private metaRefresh: string | null = null;
  private base: string | null = null;
  private readonly forms: MutableForm[] = [];
  private readonly images: HtmlImage[] = [];
  private readonly scripts: string[] = [];
  private readonly handlers: string[] = [];
  private readonly frames: string[] = [];
  private readonly elements = new Map<string, number>();
  /** Inputs outside any form: scripts and careless pages have them. */
  private form: MutableForm | null = null;

  element(name: string, attributes: ReadonlyMap<string, string>): void {
    const count = this.elements.get(name);
    if (count !== undefined || this.elements.size < MAX_NAMES) this.elements.set(name, (count ?? 0) + 1);
    for (const [attribute, value] of attributes) {
      if (attribute.startsWith('on') && attribute.length > 2) this.handler(`${attribute}=${value}`);
      else if (mayBeScript(value) && SCRIPT_URL.test(value) && attribute !== 'style') this.handler(value);
    }
    const attribute = (key: string): string => attributes.get(key) ?? '';
    switch (name) {
      case 'html':
        this.lang ??= attributes.get('lang')?.slice(0, 40) ?? null;
        break;
      case 'base':
        if (attributes.has('href')) this.base ??= attribute('href').trim().slice(0, MAX_URL);
        break;
      case 'meta':
        if (/^\s*refresh\s*$/i.test(attribute('http-equiv')))
          this.metaRefresh ??= attribute('content').slice(0, MAX_URL);
        break;
      case 'img':
        this.image(attributes);
        break;
      case 'form':
        this.openForm(attribute('action'), attribute('method'));
        break;
      case 'input':
        this.input(attribute('type').toLowerCase() || 'text');
        break;
      case 'textarea':
      case 'select':
      case 'button':
        this.input(name);
        break;
      case 'script':
        if (attributes.has('src')) this.script(attribute('src').slice(0, MAX_URL));
        break;
      case 'iframe':
      case 'frame':
        if (this.frames.length < MAX_FRAMES)
          this.frames.push((attribute('src') || attribute('srcdoc')).slice(0, MAX_URL));
        break;
    }
  }

  endForm(): void {
    this.form = null;
  }

  titleText(text: string): void {
    if (this.title.length < MAX_TITLE)
      this.title = (this.title + text).replace(/\s+/g, ' ').trimStart().slice(0, MAX_TITLE);
  }

  script(code: string): void {
    if (this.scripts.length < MAX_SCRIPTS && code.trim() !== '') this.scripts.push(code.slice(0, MAX_SCRIPT));
  }

  get baseHref(): string | null {
    return this.base;
  }

  finish(): Facts {
    return {
      title: this.title.trim(),
      lang: this.lang,
      forms: this.forms,
      images: this.images,
      scripts: this.scripts,
      handlers: this.handlers,
      frames: this.frames,
      metaRefresh: this.metaRefresh,
      baseHref: this.base,
      elements: Object.fromEntries(this.elements),
    };
  }

  private handler(code: string): void {
    if (this.handlers.length < MAX_HANDLERS) this.handlers.push(code.slice(0, MAX_HANDLER));
  }

  private openForm(action: string, method: string): void {
    if (this.forms.length >= MAX_FORMS) return;
    this.form = { action: action.trim().slice(0, MAX_URL), method: method.toLowerCase() || 'get', inputs: [] };
    this.forms.push(this.form);
  }

  private input(type: string): void {
    if (this.form === null) this.openForm('', '');
    if (this.form !== null && this.form.inputs.length < MAX_INPUTS) this.form.inputs.push(type.slice(0, 40));
  }

  private image(attributes: ReadonlyMap<string, string>): void {
    if (this.images.length >= MAX_IMAGES) return;
    const src = (attributes.get('src') ?? '').trim();
    this.images.push({
      // The rest of a data: URL is the picture itself.
      src: src.slice(0, src.startsWith('data:') ? 200 : MAX_URL),
      alt: (attributes.get('alt') ?? '').slice(0, 1000),
      width: size(attributes.get('width')),
      height: size(attributes.get('height')),
    });
  }
}

/** The white space and control characters that browsers skip inside a scheme. */
const SCRIPT_URL = /^[\s\u0000-\u0020]*(?:j\s*a\s*v\s*a|v\s*b)\s*s\s*c\s*r\s*i\s*p\s*t\s*:/i;

/** By the first character: hardly any attribute begins with a J, a V or white space. */
function mayBeScript(value: string): boolean {
  const first = value.charCodeAt(0);
  return first <= 32 || first >= 128 || (first | 32) === 106 || (first | 32) === 118;
}

function size(value: string | undefined): number | null {
  return value === undefined || value.includes('%') ? null : pixels(value);
}
