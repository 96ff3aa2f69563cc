import type { FileToRead, FormatFacts } from './format.js';

const HAS_ID_LIST = 1;
const HAS_LINK_INFO = 2;
const UNICODE = 0x80;
/** Name, relative path, working folder, arguments, icon: each has its flag, in this order ([MS-SHLLINK] 2.4). */
const STRINGS = [0x04, 0x08, 0x10, 0x20, 0x40];

/** Reads a Windows shortcut: its text is what it says it would run, one string a line. */
export function readShortcut(file: FileToRead): FormatFacts {
  const { bytes } = file;
  const flags = bytes.readUInt32LE(0x14);
  let at = 0x4c;
  if ((flags & HAS_ID_LIST) !== 0) at += 2 + bytes.readUInt16LE(at);
  if ((flags & HAS_LINK_INFO) !== 0) at += bytes.readUInt32LE(at);
  const lines: string[] = [];
  for (const flag of STRINGS) {
    if ((flags & flag) === 0) continue;
    const count = bytes.readUInt16LE(at);
    const unicode = (flags & UNICODE) !== 0;
    const end = at + 2 + count * (unicode ? 2 : 1);
    lines.push(bytes.toString(unicode ? 'utf16le' : 'latin1', at + 2, end).trim());
    at = end;
  }
  return { text: lines.filter((line) => line !== '').join('\n'), examined: 'complete' };
}

/** Reads an internet shortcut (.url, .website): the address it opens. */
export function readInternetShortcut(file: FileToRead): FormatFacts {
  const source = file.bytes.toString('utf8', 0, 16 * 1024);
  const url = /^\s*(?:Base)?URL\s*=\s*(\S+)/im.exec(source)?.[1];
  return {
    text: source.trim(),
    links: url === undefined ? [] : [{ url, origin: 'attachment', text: file.filename ?? '' }],
    examined: 'complete',
  };
}
