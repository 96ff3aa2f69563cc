import { readStyle } from './styles.js';
import type { StyleFacts } from './styles.js';

const MAX_CSS = 256 * 1024;
const MAX_RULES = 2000;

/**
 * Rules of `<style>` blocks with the simplest selectors (`.class`, `tag`, `tag.class`, `#id`), which is what mail uses to hide text.
 * Anything under a condition (@media and the like) is left out, except for all screens: it does not hold for every reader.
 */
export class Stylesheet {
  private readonly rules = new Map<string, StyleFacts>();
  private length = 0;

  get empty(): boolean {
    return this.rules.size === 0;
  }

  add(css: string): void {
    if (this.length + css.length > MAX_CSS) return;
    this.length += css.length;
    this.read(css.includes('/*') || css.includes('<!--') ? withoutComments(css) : css);
  }

  /** The facts of every rule that fits an element, weakest first. */
  matching(tag: string, classes: string, id: string): StyleFacts[] {
    const found: StyleFacts[] = [];
    const take = (selector: string): void => {
      const facts = this.rules.get(selector);
      if (facts !== undefined) found.push(facts);
    };
    take(tag);
    if (classes !== '') {
      const names = classes.split(/\s+/, 16);
      for (const name of names) take(`.${name}`);
      for (const name of names) take(`${tag}.${name}`);
    }
    if (id !== '') take(`#${id}`);
    return found;
  }

  private read(css: string): void {
    let position = 0;
    while (position < css.length && this.rules.size < MAX_RULES) {
      const open = css.indexOf('{', position);
      if (open === -1) return;
      const selector = css.slice(position, open).trim();
      if (selector.startsWith('@')) {
        const statementEnd = css.indexOf(';', position);
        if (statementEnd !== -1 && statementEnd < open) {
          position = statementEnd + 1;
          continue;
        }
        const end = blockEnd(css, open);
        if (/^@media\s+(?:only\s+)?(?:screen|all)$/i.test(selector)) this.read(css.slice(open + 1, end));
        position = end + 1;
        continue;
      }
      const close = css.indexOf('}', open);
      const end = close === -1 ? css.length : close;
      this.addRule(selector, css.slice(open + 1, end));
      position = end + 1;
    }
  }

  private addRule(selectors: string, body: string): void {
    const facts = readStyle(body);
    if (Object.keys(facts).length === 0) return;
    for (const selector of selectors.split(',', 50)) {
      const simple = selector.trim();
      if (!/^(?:[a-z][a-z0-9]*)?(?:[.#][\w-]+)?$/i.test(simple) || simple === '') continue;
      const key = simple.replace(/^[a-z0-9]+/i, (tag) => tag.toLowerCase());
      this.rules.set(key, { ...this.rules.get(key), ...facts });
    }
  }
}

function withoutComments(css: string): string {
  return css.replace(/\/\*[^*]*(?:\*(?!\/)[^*]*)*\*\//g, '').replace(/<!--|-->/g, '');
}

/** Offset of the brace that closes the block opened at `open`. */
function blockEnd(css: string, open: number): number {
  let depth = 0;
  for (let at = open; at < css.length; at++) {
    const char = css.charCodeAt(at);
    if (char === 0x7b) depth++;
    else if (char === 0x7d && --depth === 0) return at;
  }
  return css.length;
}
