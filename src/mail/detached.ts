/** V8 copies shorter ones anyway. */
const LONGEST_COPIED = 12;

/**
 * The same text in memory of its own. A part of a string keeps the whole of it alive: as the key of something remembered, one style of a
 * newsletter would keep the newsletter.
 */
export function detached(text: string): string {
  if (text.length <= LONGEST_COPIED) return text;
  const copy = Buffer.from(text).toString();
  // Half a surrogate pair does not survive UTF-8.
  return copy === text ? copy : Buffer.from(text, 'utf16le').toString('utf16le');
}
