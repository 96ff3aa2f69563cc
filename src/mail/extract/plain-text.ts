import { linksInText } from './links-in-text.js';
import type { FileToRead, FormatFacts } from './format.js';

/** A text file with hundreds of addresses is a log or a list, not a lure. */
const LINKS = 50;

/** Reads a text file: its beginning, and the web addresses in it. */
export function readPlainText(file: FileToRead): FormatFacts {
  const most = file.budget.limits.textLength;
  const utf16 = file.bytes[0] === 0xff && file.bytes[1] === 0xfe;
  const text = file.bytes.toString(utf16 ? 'utf16le' : 'utf8', 0, most * 2).slice(0, most);
  return {
    text,
    links: linksInText(text, 'attachment', LINKS),
    examined: file.bytes.length > most * 2 ? 'partial' : 'complete',
  };
}
