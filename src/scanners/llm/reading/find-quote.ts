import type { EvidencePlace, Message } from '../../../mail/message.js';

export interface FoundQuote {
  /** As it stands in the message; with notes of what was taken out where it could not be found again there. */
  readonly text: string;
  readonly at: EvidencePlace;
}

/** A few letters stand in every message. */
const LEAST_LETTERS = 6;
const NOTE =
  /\[(?:name|address at [^\]]{1,120}|phone number|account number|card number|wallet address|code|number|link[^\]]{0,40}|the recipient’s domain)\]/g;
const MOST_NOTES = 3;

/** Where a quote stands, or null where the model made it up: what was not in the letter is nobody's evidence. */
export function findQuote(quote: string, letter: string, message: Message): FoundQuote | null {
  const bare = quote
    .trim()
    .replace(/^["'“”„«»‘’]+|["'“”„«»‘’]+$/g, '')
    .replace(/^…|…$/g, '')
    .trim();
  const letters = bare.match(/[\p{L}\p{N}]/gu)?.length ?? 0;
  const wide = /[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/.test(bare);
  if (letters < (wide ? 3 : LEAST_LETTERS)) return null;
  if (!folded(letter).includes(folded(bare))) return null;
  const pattern = patternOf(bare);
  if (pattern === null) return { text: bare, at: { kind: 'message' } };
  const match = pattern.exec(message.visible.slice(0, 20_000));
  if (match !== null) {
    const end = match.index + match[0].length;
    return { text: match[0].replace(/\s+/g, ' '), at: { kind: 'visible', start: match.index, end } };
  }
  for (const name of ['subject', 'from']) {
    const index = message.headers.findIndex((header) => header.name === name);
    if (index >= 0 && pattern.test(message.headers[index]?.value ?? ''))
      return { text: bare, at: { kind: 'header', index } };
  }
  return { text: bare, at: { kind: 'message' } };
}

/** Finds the words again where the letter has notes in their place; null where there are too many of these to be sure of the place. */
function patternOf(quote: string): RegExp | null {
  if ((quote.match(NOTE)?.length ?? 0) > MOST_NOTES) return null;
  const source = quote
    .split(NOTE)
    .map((part) =>
      part
        .split(/\s+/)
        .map((word) => word.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'))
        .join('\\s{1,20}'),
    )
    .join('[^\\n]{1,80}?');
  return new RegExp(source, 'iu');
}

function folded(text: string): string {
  return text.replace(/\s+/g, ' ').toLowerCase();
}
