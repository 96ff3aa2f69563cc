import type { ArchiveEntry, ArchiveFacts, ArchiveMember } from '../../message.js';
import type { AttachmentExamination, FoundLink } from '../examine.js';
import type { FileToRead, FormatFacts } from '../format.js';
import { listCab } from './cab.js';
import { listGzip } from './gzip.js';
import { listIso } from './iso.js';
import type { ArchiveListing, PackedEntry } from './listing.js';
import { listRar } from './rar.js';
import { listSevenZip } from './seven-zip.js';
import { listTar } from './tar.js';
import { listTnef } from './tnef.js';
import { listZip } from './zip.js';

/** Media carry nothing this product reads, and are large. */
const DULL = /\.(?:png|jpe?g|gif|webp|bmp|tiff?|ico|mp[34]|m4[av]|mov|avi|wav|ogg|woff2?|ttf|css|po|map)$/i;
const MEMBERS = 40;

/**
 * Reads an archive of any known format: lists what it says it holds and examines the small members, archives among them to the depth of
 * the budget. Declared sizes are believed for the ratio only, never for memory.
 */
export async function readArchive(file: FileToRead): Promise<FormatFacts> {
  if (file.depth > file.budget.limits.depth) return { archive: unopened(file), examined: 'partial' };
  return readListing(openArchive(file), file);
}

/** Turns a listing into facts, and examines the members it can unpack. */
export async function readListing(listing: ArchiveListing, file: FileToRead): Promise<FormatFacts> {
  const { budget } = file;
  const entries: ArchiveEntry[] = [];
  const found: Found = { members: [], links: [], messages: [] };
  budget.spend('entries', listing.entries.length);
  let { truncated } = listing;
  let partial = listing.unpack === null;

  for (const entry of listing.entries) {
    entries.push({ name: entry.name, size: entry.size, encrypted: entry.encrypted, depth: file.depth });
  }
  for (const entry of worthALook(listing.entries)) {
    if (found.members.length >= MEMBERS || !budget.inTime()) {
      partial = true;
      break;
    }
    const bytes = unpack(listing, entry, file);
    if (bytes === null) {
      partial = true;
      continue;
    }
    const examined = await file.examine({ bytes, filename: baseName(entry.name), declaredType: '' });
    truncated ||= examined.archive?.truncated === true;
    partial ||= examined.examined === 'partial';
    entries.push(...(examined.archive?.entries ?? []).map((inner) => under(entry, inner)));
    collect(found, entry, examined);
  }

  const encrypted = listing.sealed === true || entries.some((entry) => entry.encrypted);
  const declared = listing.entries.reduce((sum, entry) => sum + entry.size, 0);
  const archive: ArchiveFacts = {
    format: listing.format,
    encrypted,
    entries,
    truncated,
    ratio: Math.round((declared / Math.max(1, file.bytes.length)) * 10) / 10,
    members: found.members,
  };
  const examined = listing.damaged
    ? 'damaged'
    : encrypted
      ? 'encrypted'
      : partial || truncated
        ? 'partial'
        : 'complete';
  return { archive, examined, links: found.links, messages: found.messages };
}

/** An archive deeper than the budget follows: it is said to be there, and that more is in it. */
function unopened(file: FileToRead): ArchiveFacts {
  const format = file.type.replace(/^application\/(?:x-|vnd\.)?/, '');
  return { format, encrypted: false, entries: [], truncated: true, ratio: 0, members: [] };
}

function openArchive(file: FileToRead): ArchiveListing {
  const limit = Math.max(0, file.budget.left('entries'));
  switch (file.type) {
    case 'application/gzip':
      return openGzip(file, limit);
    case 'application/x-tar':
      return listTar(file.bytes, limit);
    case 'application/vnd.rar':
      return listRar(file.bytes, limit);
    case 'application/x-7z-compressed':
      return listSevenZip(file.bytes);
    case 'application/x-iso9660-image':
      return listIso(file.bytes, limit);
    case 'application/vnd.ms-tnef':
      return listTnef(file.bytes, limit);
    case 'application/vnd.ms-cab-compressed':
      return listCab(file.bytes, limit);
    default:
      return listZip(file.bytes, limit);
  }
}

/** A tar in gzip's frame is one archive to everybody, not one inside another. */
function openGzip(file: FileToRead, limit: number): ArchiveListing {
  const name = (file.filename ?? 'file').replace(/\.gz$/i, '').replace(/\.tgz$/i, '.tar');
  const gzip = listGzip(file.bytes, name);
  const [entry] = gzip.entries;
  const inflated = entry === undefined ? null : (gzip.unpack?.(entry, file.budget) ?? null);
  if (inflated?.toString('latin1', 257, 262) === 'ustar') return { ...listTar(inflated, limit), format: 'tar.gz' };
  return { ...gzip, unpack: () => inflated };
}

/** Small first, so that a large harmless member cannot starve the others of budget. */
function worthALook(entries: readonly PackedEntry[]): PackedEntry[] {
  return entries
    .filter(({ name, encrypted, size }) => !encrypted && size > 0 && !name.endsWith('/') && !DULL.test(name))
    .sort((a, b) => a.size - b.size);
}

function unpack(listing: ArchiveListing, entry: PackedEntry, file: FileToRead): Buffer | null {
  if (entry.size > file.budget.limits.streamBytes) return null;
  try {
    return listing.unpack?.(entry, file.budget) ?? null;
  } catch {
    // Offsets are the attacker's: one bad entry must not hide the others.
    return null;
  }
}

interface Found {
  readonly members: ArchiveMember[];
  readonly links: FoundLink[];
  readonly messages: Uint8Array[];
}

function collect(found: Found, entry: PackedEntry, examined: AttachmentExamination): void {
  const { links, messages, ...facts } = examined;
  const archive = facts.archive === null ? null : { ...facts.archive, entries: [], members: [] };
  found.members.push({ ...facts, archive, name: entry.name });
  for (const inner of examined.archive?.members ?? []) {
    found.members.push({ ...inner, name: `${entry.name}/${inner.name}` });
  }
  found.links.push(...links);
  found.messages.push(...messages);
}

function under(outer: PackedEntry, inner: ArchiveEntry): ArchiveEntry {
  return { ...inner, name: `${outer.name}/${inner.name}` };
}

function baseName(path: string): string {
  return path.replaceAll('\\', '/').split('/').at(-1) ?? path;
}
