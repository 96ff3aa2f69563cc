import type { FileToRead, FormatFacts } from '../format.js';
import { linksInBytes } from '../links-in-bytes.js';
import { detectType } from '../true-type.js';

/** FileDataStoreObject ([MS-ONESTORE] 2.6.13): this GUID, the length in eight bytes, twelve unused ones, then the file. */
const STORE = Buffer.from('e716e3bd65261145a4c48d4d0b7a9eac', 'hex');
const HEADER = 36;
const MOST = 50;
const NAME =
  /[\p{L}\p{N} _().-]{1,100}\.(?:hta|vbs|vbe|js|jse|wsf|cmd|bat|ps1|exe|scr|lnk|chm|msi|dll|iso|one|html?)(?![\p{L}\p{N}])/giu;

/** Reads a OneNote section: the files embedded in it, by name where a dangerous name is written in it, otherwise by type. */
export function readOneNote(file: FileToRead): FormatFacts {
  const { bytes } = file;
  const objects: string[] = [];
  let at = bytes.indexOf(STORE);
  while (at !== -1 && at + HEADER <= bytes.length && objects.length < MOST) {
    const length = Number(bytes.readBigUInt64LE(at + 16));
    const type = detectType(bytes.subarray(at + HEADER, at + HEADER + Math.min(length, bytes.length)));
    objects.push(type ?? 'unknown');
    at = bytes.indexOf(STORE, at + HEADER);
  }
  const names = new Set(
    [...bytes.toString('utf16le').matchAll(NAME), ...bytes.subarray(1).toString('utf16le').matchAll(NAME)].map(
      ([name]) => name.trim(),
    ),
  );
  return {
    office: {
      macros: false,
      macroMarks: [],
      dde: false,
      externalTemplate: null,
      embeddedObjects: [...names, ...objects].slice(0, MOST),
      encrypted: false,
    },
    links: linksInBytes(bytes, 'office'),
    examined: 'complete',
  };
}
