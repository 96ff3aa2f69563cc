import type { TextRun } from '../message.js';

const ENTITY = /&(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z][a-z\d]{1,31});?/iy;
const SPACE = /[\s\u00a0]/;

/**
 * The offset in `html` of the character that stands at `target` in `visible`, within one run. Source and visible text differ
 * by entities and collapsed white space, so they are walked side by side.
 */
export function sourceOffset(html: string, visible: string, run: TextRun, target: number): number {
  let source = run.htmlStart;
  let seen = run.start;
  while (seen < target && source < run.htmlEnd) {
    const entity = html[source] === '&' ? entityLength(html, source) : 0;
    if (entity > 0) {
      source += entity;
      seen += isHighSurrogate(visible, seen) ? 2 : 1;
    } else if (isSpace(html[source])) {
      while (source < run.htmlEnd && isSpace(html[source])) source += 1;
      while (seen < target && isSpace(visible[seen])) seen += 1;
    } else if (html[source] === visible[seen]) {
      source += 1;
      seen += 1;
    } else if (isSpace(visible[seen])) {
      seen += 1;
    } else {
      source += 1;
    }
  }
  return Math.min(source, run.htmlEnd);
}

function entityLength(html: string, offset: number): number {
  ENTITY.lastIndex = offset;
  return ENTITY.exec(html)?.[0].length ?? 0;
}

function isSpace(character: string | undefined): boolean {
  return character !== undefined && SPACE.test(character);
}

function isHighSurrogate(text: string, offset: number): boolean {
  const code = text.charCodeAt(offset);
  return code >= 0xd800 && code < 0xdc00;
}
