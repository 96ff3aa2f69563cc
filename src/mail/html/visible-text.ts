import type { TextRun } from '../message.js';

const MAX_RUNS = 100_000;
const MAX_HIDDEN = 256 * 1024;

/** How texts are kept apart; the greater wins. */
export const GAP = { none: 0, space: 1, line: 2, paragraph: 3 } as const;
export type Gap = (typeof GAP)[keyof typeof GAP];
const GAPS = ['', ' ', '\n', '\n\n'] as const;

/** Collects what a reader sees, white space collapsed as a browser does, and where each stretch of it stands in the source. */
export class VisibleText {
  readonly runs: TextRun[] = [];
  readonly hiddenBy = new Set<string>();
  truncated = false;
  private readonly seen: string[] = [];
  private readonly unseen: string[] = [];
  private unseenLength = 0;
  private gap: Gap = GAP.none;
  private endsInSpace = true;

  /** UTF-16 code units so far. */
  length = 0;

  get visible(): string {
    return this.seen.join('');
  }

  get hidden(): string {
    return this.unseen.join('\n');
  }

  separate(gap: Gap): void {
    if (gap > this.gap) this.gap = gap;
  }

  /** A line break of its own: two of them make an empty line. */
  breakLine(): void {
    this.gap = this.gap >= GAP.line ? GAP.paragraph : GAP.line;
  }

  /** Adds text of the document and answers what of it became visible. `end` is after its last character in the source. */
  add(text: string, start: number, end: number, preformatted: boolean): string {
    let shown = preformatted ? text : collapse(text);
    if (!preformatted && shown.startsWith(' ') && (this.gap !== GAP.none || this.endsInSpace)) shown = shown.slice(1);
    if (shown === '') {
      if (text !== '' && this.gap === GAP.none && !this.endsInSpace) this.gap = GAP.space;
      return '';
    }
    if (this.runs.length >= MAX_RUNS) {
      this.truncated = true;
      return '';
    }
    if (this.length > 0 && this.gap !== GAP.none) this.push(GAPS[this.gap]);
    this.gap = GAP.none;
    this.runs.push({ start: this.length, htmlStart: start, htmlEnd: end });
    this.push(shown);
    this.endsInSpace = /\s/.test(shown.charAt(shown.length - 1));
    return shown;
  }

  hide(text: string, reason: string): void {
    const shown = collapse(text).trim();
    if (shown === '') return;
    this.hiddenBy.add(reason);
    if (this.unseenLength + shown.length > MAX_HIDDEN) {
      this.truncated = true;
      return;
    }
    this.unseenLength += shown.length;
    this.unseen.push(shown);
  }

  private push(text: string): void {
    this.seen.push(text);
    this.length += text.length;
  }
}

function collapse(text: string): string {
  return /[\t\n\f\r]| {2}/.test(text) ? text.replace(/[ \t\n\f\r]+/g, ' ') : text;
}
