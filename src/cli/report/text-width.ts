const segmenter = new Intl.Segmenter();
const WIDE =
  /^[\p{Emoji_Presentation}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff01-\uff60\uffe0-\uffe6]/u;
const ZERO_WIDTH = /^[\p{Mark}\p{Cf}]+$/u;

/** Columns a text takes on a terminal. */
export function textWidth(text: string): number {
  let width = 0;
  for (const { segment } of segmenter.segment(text)) width += columnsOf(segment);
  return width;
}

function columnsOf(segment: string): number {
  if (segment >= ' ' && segment <= '~') return 1;
  if (ZERO_WIDTH.test(segment)) return 0;
  return WIDE.test(segment) ? 2 : 1;
}

/**
 * What a message says is not ours to send to a terminal: control characters could clear it, retitle it or type into it, and
 * direction marks could turn a file name round. Line ends become spaces.
 */
export function harmless(text: string): string {
  return text
    .replace(/[\r\n\t\u2028\u2029]+/g, ' ')
    .replace(/\p{Cc}/gu, '\ufffd')
    .replace(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '');
}

/** Cut to so many columns, with an ellipsis where something is missing. */
export function cut(text: string, columns: number): string {
  let width = 0;
  let end = 0;
  let fits = 0;
  for (const { segment, index } of segmenter.segment(text)) {
    width += columnsOf(segment);
    if (width > columns) return `${text.slice(0, fits)}…`;
    end = index + segment.length;
    if (width < columns) fits = end;
  }
  return text;
}

/** Cut at its front: of a path the end tells most. */
export function cutFront(text: string, columns: number): string {
  const segments = [...segmenter.segment(text)].reverse();
  let width = 0;
  let from = text.length;
  for (const { segment, index } of segments) {
    width += columnsOf(segment);
    if (width > columns) return `…${text.slice(from)}`;
    if (width < columns) from = index;
  }
  return text;
}

/** Broken into lines of at most so many columns, between words where that is possible; at most `most` lines. */
export function wrap(text: string, columns: number, most = Number.POSITIVE_INFINITY): string[] {
  const lines: string[] = [];
  let line = '';
  const words = text.split(' ').flatMap((word) => pieces(word, columns));
  for (const [index, word] of words.entries()) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (textWidth(longer) <= columns) {
      line = longer;
      continue;
    }
    if (lines.length === most - 1) return [...lines, cut([line, ...words.slice(index)].join(' '), columns)];
    lines.push(line);
    line = word;
  }
  return line === '' ? lines : [...lines, line];
}

/** A word longer than a line, such as a URL, in pieces that fit. */
function pieces(word: string, columns: number): string[] {
  if (textWidth(word) <= columns) return [word];
  const found: string[] = [];
  let piece = '';
  let width = 0;
  for (const { segment } of segmenter.segment(word)) {
    const own = columnsOf(segment);
    if (width + own > columns) {
      found.push(piece);
      piece = '';
      width = 0;
    }
    piece += segment;
    width += own;
  }
  return [...found, piece];
}
