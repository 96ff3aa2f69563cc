import type { CFB$Container } from 'cfb';
import type { FileToRead, FormatFacts } from '../format.js';
import { linksInText } from '../links-in-text.js';
import { readListing } from './archive.js';
import type { ArchiveListing, PackedEntry } from './listing.js';

const LINKS = 50;
/** Streams are named after the property they hold ([MS-OXMSG] 2.1.1). */
const SUBJECT = /^[^/]*\/__substg1\.0_0037001[EF]$/;
const BODY = /^[^/]*\/__substg1\.0_1000001[EF]$/;
const ATTACHMENT = /^[^/]*\/(__attach_version1\.0_#[0-9A-F]{8})\/__substg1\.0_(3701|3707|3704)(0102|001[EF])$/i;

interface OutlookEntry extends PackedEntry {
  readonly bytes: Buffer;
}

/** Reads a message saved by Outlook (.msg): its words and links, and its attachments as an archive. */
export async function readOutlook(file: FileToRead): Promise<FormatFacts> {
  const cfb = await import('cfb');
  const container = cfb.read(file.bytes, { type: 'buffer' });
  const words = [SUBJECT, BODY]
    .map((stream) => textOf(container, stream))
    .join('\n')
    .trim();
  const facts = await readListing(listingOf(container, file), file);
  const links = [...linksInText(words, 'attachment', LINKS), ...(facts.links ?? [])];
  return {
    ...facts,
    archive: facts.archive?.entries.length === 0 ? null : (facts.archive ?? null),
    text: words,
    links,
  };
}

function listingOf(container: CFB$Container, file: FileToRead): ArchiveListing {
  const attached = new Map<string, { name: string; bytes: Buffer | null }>();
  container.FullPaths.forEach((path, index) => {
    const [, storage, property, type] = ATTACHMENT.exec(path) ?? [];
    if (storage === undefined) return;
    const known = attached.get(storage) ?? { name: '', bytes: null };
    const content = Buffer.from((container.FileIndex[index]?.content ?? []) as Uint8Array);
    if (property === '3701') known.bytes = content;
    // The long name counts where there are two.
    else if (property === '3707' || known.name === '') known.name = decode(content, type ?? '');
    attached.set(storage, known);
  });
  const entries = [...attached.values()].flatMap(({ name, bytes }): OutlookEntry[] =>
    bytes === null ? [] : [{ name: name === '' ? 'unnamed' : name, size: bytes.length, encrypted: false, bytes }],
  );
  const most = file.budget.left('entries');
  return {
    format: 'outlook',
    entries: entries.slice(0, most),
    truncated: entries.length > most,
    damaged: false,
    unpack: (entry) => (entry as OutlookEntry).bytes,
  };
}

function textOf(container: CFB$Container, stream: RegExp): string {
  const index = container.FullPaths.findIndex((path) => stream.test(path));
  const content = Buffer.from((container.FileIndex[index]?.content ?? []) as Uint8Array);
  return decode(content, container.FullPaths[index] ?? '');
}

/** Properties of type 001F are UTF-16, of type 001E in the code page of the sender. */
function decode(content: Buffer, type: string): string {
  return content.toString(type.toUpperCase().endsWith('1F') ? 'utf16le' : 'latin1').replace(/\0+$/, '');
}
