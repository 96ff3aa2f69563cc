import { BLACK, hides, LINK_BLUE, parseColour, WHITE } from './colours.js';
import type { Colour } from './colours.js';
import { CLOSES, SCOPE, UNSEEN, VOID } from './element-kinds.js';
import type { Stylesheet } from './stylesheet.js';
import { readStyle } from './styles.js';
import type { StyleFacts } from './styles.js';

const MAX_OPEN = 256;

/** What holds for text directly inside an element. */
export interface Scope {
  readonly name: string;
  /** Reason why nothing in here is seen, whatever its own style; null where it may be. */
  readonly hidden: string | null;
  /** No text at all, neither seen nor hidden: scripts, styles, the head. */
  readonly unseen: boolean;
  readonly invisible: boolean;
  /** CSS pixels. */
  readonly fontSize: number;
  readonly colour: Colour;
  /** Whether anything here chose the colours: default black on an unknown background hides nothing. */
  readonly coloured: boolean;
  /** null: unknown, an image. */
  readonly background: Colour | null;
  readonly hiddenInOutlook: boolean;
  readonly preformatted: boolean;
  /** Given back by `close`, so that the reader can end what it began with the element. */
  readonly tag: number;
}

const ROOT: Scope = {
  name: '',
  hidden: null,
  unseen: false,
  invisible: false,
  fontSize: 16,
  colour: BLACK,
  coloured: false,
  background: WHITE,
  hiddenInOutlook: false,
  preformatted: false,
  tag: -1,
};

/** The stack of open elements with what they do to the text inside. Bounded: deeper elements count as their parent. */
export class OpenElements {
  private readonly stack: Scope[] = [ROOT];
  private overflow = 0;

  constructor(private readonly stylesheet: Stylesheet) {}

  get current(): Scope {
    return this.stack[this.stack.length - 1] ?? ROOT;
  }

  /** Opens an element; answers the scopes that ends. `tag` is given back when it is closed. */
  open(name: string, attributes: ReadonlyMap<string, string>, tag: number): Scope[] {
    const closed: Scope[] = [];
    const implied = CLOSES.get(name);
    if (implied !== undefined) {
      while (implied.has(this.current.name)) this.pop(closed);
    }
    if (VOID.has(name)) return closed;
    if (this.stack.length >= MAX_OPEN) {
      this.overflow++;
      return closed;
    }
    this.stack.push(this.scopeOf(name, attributes, tag));
    return closed;
  }

  /** Closes the innermost open element of that name, and all inside; answers their scopes. A stray end tag closes nothing. */
  close(name: string): Scope[] {
    if (this.overflow > 0) {
      this.overflow--;
      return [];
    }
    const inTable = SCOPE.has(name) || name === 'tr' || name === 'tbody' || name === 'thead' || name === 'tfoot';
    for (let at = this.stack.length - 1; at > 0; at--) {
      const open = this.stack[at]?.name ?? '';
      if (open === name) {
        const closed: Scope[] = [];
        while (this.stack.length > at) this.pop(closed);
        return closed;
      }
      if (inTable ? open === 'table' : SCOPE.has(open)) return [];
    }
    return [];
  }

  private pop(closed: Scope[]): void {
    const scope = this.stack.pop();
    if (scope !== undefined) closed.push(scope);
  }

  private scopeOf(name: string, attributes: ReadonlyMap<string, string>, tag: number): Scope {
    const outer = this.current;
    // Field by field: a document has thousands of elements, and the spread operator takes three times as long.
    let scope: { -readonly [K in keyof Scope]: Scope[K] } = {
      name,
      hidden: outer.hidden,
      unseen: outer.unseen || UNSEEN.has(name),
      invisible: outer.invisible,
      fontSize: outer.fontSize,
      colour: name === 'a' ? LINK_BLUE : outer.colour,
      coloured: outer.coloured,
      background: outer.background,
      hiddenInOutlook: outer.hiddenInOutlook,
      preformatted: outer.preformatted || name === 'pre' || name === 'textarea' || name === 'xmp',
      tag,
    };
    if (attributes.size > 0 || !this.stylesheet.empty) scope = this.styled(scope, outer, attributes);
    return scope;
  }

  private styled(
    scope: { -readonly [K in keyof Scope]: Scope[K] },
    outer: Scope,
    attributes: ReadonlyMap<string, string>,
  ): { -readonly [K in keyof Scope]: Scope[K] } {
    if (attributes.has('hidden')) scope.hidden ??= 'hidden';
    const bgcolor = attributes.get('bgcolor');
    const background = bgcolor === undefined ? null : parseColour(bgcolor);
    if (background !== null && background.alpha > 0.5) {
      scope.background = background;
      scope.coloured = true;
    }
    if (attributes.has('background')) scope.background = null;
    const colour =
      scope.name === 'font' || scope.name === 'body'
        ? parseColour(attributes.get(scope.name === 'body' ? 'text' : 'color') ?? '')
        : null;
    if (colour !== null) {
      scope.colour = colour;
      scope.coloured = true;
    }
    let display: StyleFacts['display'];
    const take = (facts: StyleFacts): void => {
      apply(scope, outer, facts);
      if (facts.display !== undefined && (facts.display.important || display?.important !== true))
        display = facts.display;
    };
    if (!this.stylesheet.empty) {
      const [classes, id] = [attributes.get('class') ?? '', attributes.get('id') ?? ''];
      for (const facts of this.stylesheet.matching(scope.name, classes, id)) take(facts);
    }
    const style = attributes.get('style');
    if (style !== undefined) take(readStyle(style));
    if (display?.none === true) scope.hidden = outer.hidden ?? 'display:none';
    return scope;
  }
}

function apply(scope: { -readonly [K in keyof Scope]: Scope[K] }, outer: Scope, facts: StyleFacts): void {
  if (facts.hides !== undefined) scope.hidden ??= facts.hides;
  if (facts.invisible !== undefined) scope.invisible = facts.invisible;
  if (facts.hiddenInOutlook === true) scope.hiddenInOutlook = true;
  if (facts.fontSize !== undefined) {
    scope.fontSize = 'pixels' in facts.fontSize ? facts.fontSize.pixels : outer.fontSize * facts.fontSize.factor;
  }
  if (facts.colour !== undefined) {
    scope.colour = facts.colour;
    scope.coloured = true;
  }
  if (facts.background !== undefined) {
    scope.background = facts.background;
    scope.coloured = true;
  }
}

/** Why text in this scope is not seen; null where a reader sees it. */
export function hiddenReason(scope: Scope): string | null {
  if (scope.hidden !== null) return scope.hidden;
  if (scope.invisible) return 'visibility:hidden';
  if (scope.fontSize <= 1) return 'font-size:0';
  if (!scope.coloured || scope.background === null) return null;
  const hidden = hides(scope.colour, scope.background);
  return hidden === null ? null : `${hidden}-colour`;
}
