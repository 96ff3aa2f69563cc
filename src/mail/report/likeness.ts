import { chooseBodies } from '../bodies.js';
import { readHtml } from '../html/read-html.js';
import { DefectLog } from '../mime/defect-log.js';
import { parseMessage } from '../parse.js';

const LENGTH = 256 * 1024;
/** "Thanks", "see attached": what many honest people write is no mark of one campaign. */
const SHORTEST = 80;

/**
 * What a reader sees of a message, without what a campaign changes from one copy to the next: spacing, case, numbers and addresses of
 * links. Null where it is too short to tell one message from another.
 */
export function wordsOf(raw: Uint8Array): string | null {
  const { text, html } = chooseBodies(parseMessage(raw).parts, LENGTH, new DefectLog());
  const seen = html === '' ? text : readHtml(html, LENGTH, 0).visible;
  const words = seen
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[a-z][a-z0-9+.-]{1,20}:\/\/\S+/g, ' ')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .replace(/\p{N}+/gu, '0')
    .trim();
  return words.length < SHORTEST ? null : words;
}

/** A subject without marks of answering and forwarding, and without numbers. */
export function subjectOf(subject: string): string {
  return subject
    .normalize('NFKC')
    .toLowerCase()
    .replace(/^(?:\s*(?:re|aw|sv|antw|fwd?|wg|tr|rv|i|odp|ynt|回复|转发)\s*(?:\[\d+\])?\s*[:：])+/u, '')
    .replace(/\p{N}+/gu, '0')
    .replace(/\s+/g, ' ')
    .trim();
}
