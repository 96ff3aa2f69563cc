import type { ArchiveFacts, ArchiveMember } from '../../message.js';
import type { FoundLink } from '../examine.js';
import type { FileToRead } from '../format.js';
import { decode } from './structure.js';
import type { PdfStructure } from './structure.js';
import { stringAt } from './strings.js';

const MOST = 20;

export interface Embedded {
  /** The files a PDF carries, as if it were an archive; null when it carries none. */
  readonly archive: ArchiveFacts | null;
  readonly links: readonly FoundLink[];
  readonly messages: readonly Uint8Array[];
}

/** Examines the files a PDF carries (ISO 32000-1, 7.11.4). A name and its stream are matched by the object number between them. */
export async function embeddedFiles({ objects, streams }: PdfStructure, file: FileToRead): Promise<Embedded> {
  const carried = streams.filter(({ dictionary }) => /\/Type\s*\/EmbeddedFile\b/.test(dictionary));
  const names = namesByObject(objects);
  const named = new Set(streams.filter(({ number }) => names.has(number)).concat(carried));
  if (named.size === 0) return { archive: null, links: [], messages: [] };
  const members: ArchiveMember[] = [];
  const links: FoundLink[] = [];
  const messages: Uint8Array[] = [];
  let truncated = named.size > MOST;
  for (const stream of [...named].slice(0, MOST)) {
    const name = names.get(stream.number) ?? `file ${members.length + 1}`;
    const bytes = file.depth < file.budget.limits.depth ? decode(stream, file.budget) : null;
    if (bytes === null) {
      truncated = true;
      continue;
    }
    const { links: found, messages: mails, ...facts } = await file.examine({ bytes, filename: name, declaredType: '' });
    members.push({ ...facts, name });
    links.push(...found);
    messages.push(...mails);
  }
  const entries = members.map(({ name, size }) => ({ name, size, encrypted: false, depth: file.depth }));
  return { archive: { format: 'pdf', encrypted: false, entries, truncated, ratio: 0, members }, links, messages };
}

/** File specifications, `/F (name) … /EF << /F 7 0 R >>` in any order, by the number of the stream. */
function namesByObject(objects: ReadonlyMap<string, string>): Map<string, string> {
  const names = new Map<string, string>();
  for (const object of objects.values()) {
    if (!object.includes('/EF')) continue;
    const stream = /\/EF\s{0,8}<<[^>]{0,200}?\/U?F\s{1,8}(\d{1,10})\s{1,8}\d{1,5}\s{1,8}R/.exec(object)?.[1];
    const name = /\/U?F\s{0,8}(?=[(<])/.exec(object);
    const value = name === null ? null : stringAt(object, name.index + name[0].length);
    if (stream !== undefined && value !== null) names.set(stream, value);
  }
  return names;
}
