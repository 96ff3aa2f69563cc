import type { EvidencePlace, Message, TextRun } from '../message.js';
import type { Mark } from './mark.js';
import { sourceOffset } from './source-offset.js';

/** Half-open, in UTF-16 code units of the text that is rendered: `message.html`, or `message.visible` for a text mail. */
export interface Range {
  readonly start: number;
  readonly end: number;
  /** Index of the mark. */
  readonly mark: number;
}

/** Where the marks of a message stand in its source. */
export interface Placement {
  /** Ranges that hold nothing but text. */
  readonly text: readonly Range[];
  /** Offsets of the `<` of start tags to be outlined as a whole: forms, images, links without text. */
  readonly tags: readonly { readonly offset: number; readonly mark: number }[];
}

/** Resolves marks to source offsets. Marks of headers, attachments and the whole message have no place in the body and are left out. */
export function placeMarks(message: Message, marks: readonly Mark[]): Placement {
  const text: Range[] = [];
  const tags: { offset: number; mark: number }[] = [];
  marks.forEach((mark, index) => {
    const place = bodyPlace(message, mark.place);
    if (place === null) return;
    const ranges = message.document === null ? plainRange(message, place) : htmlRanges(message, place);
    for (const range of ranges) if (range.end > range.start) text.push({ ...range, mark: index });
    const opensTag = place.kind === 'html' && message.html[place.start] === '<';
    if (opensTag && (ranges.length === 0 || place.end <= place.start)) tags.push({ offset: place.start, mark: index });
  });
  return { text, tags };
}

type BodyPlace = Extract<EvidencePlace, { kind: 'visible' | 'text' | 'html' }>;

function bodyPlace(message: Message, place: EvidencePlace): BodyPlace | null {
  switch (place.kind) {
    case 'visible':
    case 'text':
    case 'html':
      return place;
    case 'link': {
      const at = message.links[place.index]?.at;
      return at?.kind === 'visible' || at?.kind === 'text' || at?.kind === 'html' ? at : null;
    }
    case 'header':
    case 'attachment':
    case 'message':
      return null;
  }
}

/** Without HTML, `visible` is the text body, so both kinds mean the same. */
function plainRange(message: Message, place: BodyPlace): { start: number; end: number }[] {
  if (place.kind === 'html') return [];
  return [{ start: Math.max(0, place.start), end: Math.min(place.end, message.visible.length) }];
}

function htmlRanges(message: Message, place: BodyPlace): { start: number; end: number }[] {
  const runs = message.document?.runs ?? [];
  if (place.kind === 'visible') return runs.flatMap((run, index) => visibleInRun(message, place, run, runs[index + 1]));
  if (place.kind === 'html') {
    return runs
      .filter((run) => run.htmlStart < place.end && run.htmlEnd > place.start)
      .map((run) => ({ start: Math.max(run.htmlStart, place.start), end: Math.min(run.htmlEnd, place.end) }));
  }
  return [];
}

function visibleInRun(
  message: Message,
  place: { readonly start: number; readonly end: number },
  run: TextRun,
  next: TextRun | undefined,
): { start: number; end: number }[] {
  const runEnd = next?.start ?? message.visible.length;
  if (run.start >= place.end || runEnd <= place.start) return [];
  const at = (offset: number): number => sourceOffset(message.html, message.visible, run, offset);
  return [
    {
      start: place.start <= run.start ? run.htmlStart : at(place.start),
      end: place.end >= runEnd ? run.htmlEnd : at(place.end),
    },
  ];
}
