import { anchorOf, type Mark } from './mark.js';
import type { Placement, Range } from './place-marks.js';

/** A piece of text with the marks that cover it. */
export interface Segment {
  readonly start: number;
  readonly end: number;
  readonly marks: readonly number[];
}

/** Cuts overlapping ranges into pieces, each with every mark that covers it, in order. */
export function segments(ranges: readonly Range[]): Segment[] {
  const cuts = [...new Set(ranges.flatMap((range) => [range.start, range.end]))].sort((a, b) => a - b);
  const pieces: Segment[] = [];
  for (let index = 0; index + 1 < cuts.length; index += 1) {
    const start = cuts[index] ?? 0;
    const end = cuts[index + 1] ?? 0;
    const marks = ranges.filter((range) => range.start <= start && range.end >= end).map((range) => range.mark);
    if (marks.length > 0) pieces.push({ start, end, marks: [...new Set(marks)] });
  }
  return pieces;
}

/** Carries marks through the sanitiser: `data-pm` with the nonce of this rendering and the indexes of the marks. */
export const CARRIER = 'data-pm';

/**
 * Writes the marks into HTML that is still hostile: the sanitiser runs afterwards and turns carriers into marks. The nonce keeps
 * the message from carrying marks of its own.
 */
export function insertCarriers(html: string, placement: Placement, nonce: string): string {
  const edits: { at: number; insert: string }[] = [];
  const carrier = (marks: readonly number[]): string => `${CARRIER}="${nonce}:${marks.join(',')}"`;
  for (const piece of segments(placement.text)) {
    // One element a mark, so that each has an anchor of its own.
    edits.push({ at: piece.start, insert: piece.marks.map((mark) => `<mark ${carrier([mark])}>`).join('') });
    edits.push({ at: piece.end, insert: '</mark>'.repeat(piece.marks.length) });
  }
  const byTag = new Map<number, number[]>();
  for (const tag of placement.tags) byTag.set(tag.offset, [...(byTag.get(tag.offset) ?? []), tag.mark]);
  for (const [offset, marks] of byTag) {
    const name = /^<[a-z][a-z\d]*/i.exec(html.slice(offset, offset + 32))?.[0];
    if (name === undefined) continue;
    const further = marks.slice(1).map((mark) => `<mark ${carrier([mark])}></mark>`);
    if (further.length > 0) edits.push({ at: offset, insert: further.join('') });
    edits.push({ at: offset + name.length, insert: ` ${carrier(marks)}` });
  }
  // At the same place what ends comes before what starts.
  const rank = (insert: string): number => (insert.startsWith('</') ? 0 : 1);
  edits.sort((a, b) => a.at - b.at || rank(a.insert) - rank(b.insert));
  let out = '';
  let from = 0;
  for (const edit of edits) {
    out += html.slice(from, edit.at) + edit.insert;
    from = edit.at;
  }
  return out + html.slice(from);
}

/** Gives the first element of each mark its anchor; later pieces of the same mark only name it. */
export class MarkAttributes {
  readonly #placed = new Set<number>();

  constructor(private readonly marks: readonly Mark[]) {}

  /** Attributes, unescaped, for an element that shows these marks. */
  for(indexes: readonly number[]): Record<string, string> {
    const shown = indexes.flatMap((index) => {
      const mark = this.marks[index];
      return mark === undefined ? [] : [{ index, mark }];
    });
    const fresh = shown.find(({ index }) => !this.#placed.has(index));
    if (fresh !== undefined) this.#placed.add(fresh.index);
    return {
      'data-finding': shown.map(({ mark }) => anchorOf(mark.id)).join(' '),
      title: shown.map(({ mark }) => mark.label).join(' · '),
      ...(fresh === undefined ? {} : { id: anchorOf(fresh.mark.id) }),
    };
  }
}
