import { PosternError } from '../../errors.js';
import type { MailItem } from './mail-files.js';

const NEWLINE = 0x0a;
const FROM = Buffer.from('From ');
const QUOTED_FROM = /^>+From /;
/** The separator ends in a date; a sentence that begins with "From" seldom tells the time. */
const SEPARATOR = /^From \S.*\d:\d\d/;

/** An mbox begins with the separator "From " of its first message (RFC 4155); a header field never does. */
export function isMbox(start: Uint8Array): boolean {
  return FROM.equals(start.subarray(0, FROM.length));
}

/**
 * Splits an mbox into its messages, one in memory at a time. The separator is a line "From …" at the start or after an empty line;
 * lines that were quoted as ">From " get their mark taken off (mboxrd). A file of a single message keeps its plain path.
 */
export async function* splitMbox(
  path: string,
  stream: AsyncIterable<unknown>,
  largestBytes: number,
): AsyncGenerator<MailItem> {
  let count = 0;
  let first: MailItem | null = null;
  for await (const item of messages(path, stream, largestBytes)) {
    count += 1;
    if (count === 1) {
      first = item;
      continue;
    }
    if (first !== null) yield { ...first, path: `${path}#1` };
    first = null;
    yield { ...item, path: `${path}#${count}` };
  }
  if (first !== null) yield first;
}

async function* messages(path: string, stream: AsyncIterable<unknown>, largestBytes: number): AsyncGenerator<MailItem> {
  let lines: Uint8Array[] = [];
  let size = 0;
  let afterEmpty = false;
  let begun = false;
  for await (const line of readLines(stream, largestBytes)) {
    if (!begun || (afterEmpty && isSeparator(line))) {
      if (begun) yield finish();
      begun = true;
      lines = [];
      size = 0;
    } else {
      size += line.length;
      if (size <= largestBytes) lines.push(unquote(line));
      else lines = [];
    }
    afterEmpty = line.length <= 2 && line.toString('latin1').trim() === '';
  }
  if (begun) yield finish();

  function finish(): MailItem {
    if (size > largestBytes) return { path, error: tooLarge(largestBytes) };
    return { path, raw: Buffer.concat(lines) };
  }
}

/** Lines with their ends. One that is longer than a message may be is cut: its message is refused anyway. */
async function* readLines(stream: AsyncIterable<unknown>, largestBytes: number): AsyncGenerator<Buffer> {
  let rest: Buffer[] = [];
  let restSize = 0;
  for await (const chunk of stream) {
    if (!Buffer.isBuffer(chunk)) continue;
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, from)) {
      const piece = chunk.subarray(from, end + 1);
      yield rest.length === 0 ? piece : Buffer.concat([...rest, piece]);
      rest = [];
      restSize = 0;
      from = end + 1;
    }
    if (from < chunk.length) rest.push(chunk.subarray(from));
    restSize += chunk.length - from;
    if (restSize > largestBytes) {
      yield Buffer.concat(rest);
      rest = [];
      restSize = 0;
    }
  }
  if (rest.length > 0) yield Buffer.concat(rest);
}

function isSeparator(line: Buffer): boolean {
  return isMbox(line) && SEPARATOR.test(line.toString('latin1', 0, 200));
}

function unquote(line: Buffer): Buffer {
  if (line[0] !== 0x3e) return line;
  return QUOTED_FROM.test(line.toString('latin1', 0, 64)) ? line.subarray(1) : line;
}

export function tooLarge(limit: number): PosternError {
  return new PosternError('message.too-large', `The message is larger than ${limit / 1024 / 1024} MB.`, {
    details: { limit },
  });
}
