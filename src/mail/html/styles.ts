import { detached } from '../detached.js';
import { parseColour } from './colours.js';
import type { Colour } from './colours.js';

/** What a style says about being seen. Fields that it does not touch are absent. */
export interface StyleFacts {
  /** Hides the element whatever its children say. */
  readonly hides?: string;
  /** What `display` says, which a stronger rule for the same element may take back. */
  readonly display?: { readonly none: boolean; readonly important: boolean };
  /** True hides, false shows again: children may override it. */
  readonly invisible?: boolean;
  readonly fontSize?: FontSize;
  readonly colour?: Colour;
  /** null: an image or something else of unknown colour. */
  readonly background?: Colour | null;
  /** Hidden in Outlook for Windows alone. */
  readonly hiddenInOutlook?: boolean;
  /** URLs of images. */
  readonly images?: readonly string[];
}

export type FontSize = { readonly pixels: number } | { readonly factor: number };

const MAX_STYLE = 8 * 1024;
const NONE: StyleFacts = {};
/** Cheap test before the declarations are split: most styles say nothing about visibility. */
const RELEVANT =
  /color|display|visib|opacity|font|background|overflow|position|indent|margin|mso-hide|clip|scale|filter/i;

/** A table of a newsletter says the same of each of its cells. */
const remembered = new Map<string, StyleFacts>();
const MOST_REMEMBERED = 4000;
const LONGEST_REMEMBERED = 500;

/** Reads the declarations of a style attribute or rule. */
export function readStyle(style: string): StyleFacts {
  if (style.length > LONGEST_REMEMBERED) return parseStyle(style);
  const known = remembered.get(style);
  if (known !== undefined) return known;
  const own = detached(style);
  const facts = parseStyle(own);
  if (remembered.size >= MOST_REMEMBERED) remembered.clear();
  remembered.set(own, facts);
  return facts;
}

function parseStyle(style: string): StyleFacts {
  if (!RELEVANT.test(style)) return NONE;
  const values = declarations(style.slice(0, MAX_STYLE));
  const facts: { -readonly [K in keyof StyleFacts]: StyleFacts[K] } = {};
  const display = values.get('display');
  // "block" matters too: it takes back what a weaker rule hides.
  if (display !== undefined) facts.display = { none: display === 'none', important: IMPORTANT_DISPLAY.test(style) };
  const hiding = hidingReason(values);
  if (hiding !== null) facts.hides = hiding;
  const visibility = values.get('visibility');
  if (visibility !== undefined) facts.invisible = visibility === 'hidden' || visibility === 'collapse';
  const size = fontSize(values);
  if (size !== null) facts.fontSize = size;
  const colour = parseColour(values.get('color') ?? '');
  if (colour !== null) facts.colour = colour;
  readBackground(values, facts);
  if (values.get('mso-hide') === 'all') facts.hiddenInOutlook = true;
  return facts;
}

const IMPORTANT_DISPLAY = /display\s*:\s*[\w-]+\s*!\s*important/i;

/** Later declarations win, as in CSS; `!important` is dropped. */
function declarations(style: string): Map<string, string> {
  const values = new Map<string, string>();
  const plain = style.includes('/*') ? style.replace(/\/\*[^*]*(?:\*(?!\/)[^*]*)*\*\//g, '') : style;
  for (const declaration of plain.split(';')) {
    const colon = declaration.indexOf(':');
    if (colon === -1) continue;
    const value = declaration
      .slice(colon + 1)
      .trim()
      .toLowerCase();
    values.set(declaration.slice(0, colon).trim().toLowerCase(), value.replace(/\s*!\s*important$/, ''));
  }
  return values;
}

function hidingReason(values: ReadonlyMap<string, string>): string | null {
  const opacity = values.get('opacity');
  if (opacity !== undefined && parseFloat(opacity) <= 0.05) return 'opacity:0';
  if (/alpha\(opacity=\s*0?\s*\)/.test(values.get('filter') ?? '')) return 'opacity:0';
  if (isZeroSize(values)) return 'zero-size';
  if (/scale[xy]?\(\s*0\s*[,)]/.test(values.get('transform') ?? '')) return 'zero-size';
  if (isOffScreen(values)) return 'off-screen';
  return null;
}

/** Without `overflow: hidden` the contents of a box without height still show. */
function isZeroSize(values: ReadonlyMap<string, string>): boolean {
  const overflow = values.get('overflow') ?? values.get('overflow-y') ?? '';
  if (!/^(?:hidden|clip)/.test(overflow)) return false;
  return ['height', 'max-height', 'width', 'max-width'].some((name) => {
    const value = values.get(name);
    return value !== undefined && (pixels(value) ?? Infinity) <= 1;
  });
}

function isOffScreen(values: ReadonlyMap<string, string>): boolean {
  const far = (name: string): boolean => (pixels(values.get(name) ?? '') ?? 0) <= -500;
  if (far('text-indent') || far('margin-left') || far('margin-top')) return true;
  const position = values.get('position');
  if (position !== 'absolute' && position !== 'fixed') return false;
  if (['left', 'top', 'right', 'bottom'].some(far)) return true;
  return (
    /rect\(\s*(?:[01](?:px)?[\s,]*){4}\)/.test(values.get('clip') ?? '') ||
    /inset\(\s*(?:50|100)%/.test(values.get('clip-path') ?? '')
  );
}

function fontSize(values: ReadonlyMap<string, string>): FontSize | null {
  // In the shorthand the size is the first length: "bold 12px/1.5 Arial".
  const value = values.get('font-size') ?? /(?:^|\s)(\d*\.?\d+(?:px|pt|em|rem|%))/.exec(values.get('font') ?? '')?.[1];
  if (value === undefined) return null;
  const number = parseFloat(value);
  if (!Number.isFinite(number)) return null;
  if (/^[\d.]+(?:em|%|ex|ch)/.test(value)) return { factor: value.includes('%') ? number / 100 : number };
  const size = pixels(value);
  return size === null ? null : { pixels: size };
}

/** CSS pixels; em and rem at the usual size of text. */
const UNITS: Readonly<Record<string, number>> = { px: 1, pt: 4 / 3, em: 16, rem: 16, in: 96, cm: 37.8, mm: 3.78 };

/** A length in CSS pixels; null where it is relative to something unknown or none. */
export function pixels(value: string): number | null {
  const match = /^(-?\d*\.?\d+)(px|pt|em|rem|in|cm|mm|vw|vh|%)?/.exec(value.trim());
  if (match === null) return null;
  const number = Number(match[1]);
  const unit = match[2] ?? 'px';
  const relative = unit === '%' || unit === 'vw' || unit === 'vh';
  if (!relative) return number * (UNITS[unit] ?? 1);
  // Of what, is unknown: only nothing at all, and far outside, are sure.
  if (number === 0) return 0;
  return number <= -100 ? -1000 : null;
}

function readBackground(
  values: ReadonlyMap<string, string>,
  facts: { background?: Colour | null; images?: readonly string[] },
): void {
  const shorthand = values.get('background') ?? '';
  const image = values.get('background-image') ?? '';
  const urls = [...`${shorthand} ${image}`.matchAll(/url\(\s*['"]?([^'")\s]{1,2000})/g)].map((match) => match[1] ?? '');
  if (urls.length > 0) facts.images = urls.slice(0, 8);
  if (urls.length > 0 || /gradient\(/.test(shorthand + image)) {
    facts.background = null;
    return;
  }
  const colour = parseColour(values.get('background-color') ?? firstColour(shorthand));
  // A transparent background is the one behind it.
  if (colour !== null && colour.alpha > 0.5) facts.background = colour;
}

function firstColour(shorthand: string): string {
  return (
    /rgba?\([^()]*\)/.exec(shorthand)?.[0] ?? shorthand.split(/\s+/).find((word) => parseColour(word) !== null) ?? ''
  );
}
