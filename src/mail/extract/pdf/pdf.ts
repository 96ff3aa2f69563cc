import type { ArchiveFacts, PdfFacts } from '../../message.js';
import type { FoundLink } from '../examine.js';
import type { FileToRead, FormatFacts } from '../format.js';
import { linksInText } from '../links-in-text.js';
import { embeddedFiles } from './embedded.js';
import { readLocked } from './locked.js';
import { qrInPdf } from './qr-in-pdf.js';
import { readStructure } from './structure.js';
import type { PdfStructure } from './structure.js';
import { stringAt } from './strings.js';
import { textInPdf } from './text.js';

const LINKS = 200;
const WRITTEN_LINKS = 30;
/** Strings that may be tried for them: each may run on unclosed. */
const STRINGS = 1000;

/** Reads a PDF: what it does by itself, what it carries, its links, its text, and QR codes in its pictures. */
export async function readPdf(file: FileToRead): Promise<FormatFacts> {
  const structure = readStructure(file.bytes, file.budget);
  const { text } = structure;
  const encrypted = /\/Encrypt\s+(?:\d+\s+\d+\s+R|<<)/.test(text) || structure.streams.some(hasEncrypt);
  const pdf: PdfFacts = {
    javascript: /\/JavaScript\b|\/JS\s*[(<\d]/.test(text),
    launch: /\/S\s*\/Launch\b/.test(text),
    openAction: /\/OpenAction\b|\/AA\s*<</.test(text),
    embeddedFiles:
      /\/EmbeddedFiles?\b/.test(text) || structure.streams.some(({ dictionary }) => EMBEDDED.test(dictionary)),
    forms: /\/AcroForm\b/.test(text),
    encrypted,
    pages: countPages(structure.objects),
  };
  if (encrypted) return { pdf, ...(await readLocked(file)) };
  const words = textInPdf(structure, file.budget);
  const carried = await embeddedFiles(structure, file);
  return {
    pdf,
    archive: carried.archive,
    text: words,
    links: [
      ...linksOf(structure),
      // Readers make links of addresses that are only written.
      ...linksInText(words, 'pdf', WRITTEN_LINKS),
      ...carried.links,
      ...(await qrInPdf(structure, file.budget)),
    ],
    messages: carried.messages,
    examined: isPartial(structure, carried.archive) || file.budget.exhausted ? 'partial' : 'complete',
  };
}

const EMBEDDED = /\/Type\s*\/EmbeddedFile\b/;

/** Since PDF 1.5 the trailer may be the dictionary of a cross-reference stream. */
function hasEncrypt({ dictionary }: { readonly dictionary: string }): boolean {
  return /\/Type\s*\/XRef\b/.test(dictionary) && /\/Encrypt\b/.test(dictionary);
}

function isPartial(structure: PdfStructure, archive: ArchiveFacts | null): boolean {
  return structure.partial || archive?.truncated === true;
}

function linksOf({ text, objects }: PdfStructure): FoundLink[] {
  const urls = new Set<string>();
  let tried = 0;
  for (const match of text.matchAll(/\/(?:URI|F)\s*(?=[(<])|\/URI\s+(\d{1,10})\s+\d+\s+R/g)) {
    if (urls.size >= LINKS || tried++ >= STRINGS) break;
    const [whole, reference] = match;
    const url = (
      reference === undefined
        ? stringAt(text, match.index + whole.length)
        : stringAt((objects.get(reference) ?? '').trimStart(), 0)
    )?.trim();
    // /F names the target of a form or a remote file; most are plain file names.
    if (url && (whole.startsWith('/URI') || /^https?:\/\//i.test(url))) urls.add(url);
  }
  return [...urls].map((url) => ({ url, origin: 'pdf', text: '' }));
}

function countPages(objects: ReadonlyMap<string, string>): number | null {
  let declared = 0;
  let seen = 0;
  for (const object of objects.values()) {
    const kind = /\/Type\s*\/(Pages?)\b/.exec(object)?.[1];
    if (kind === 'Page') seen++;
    if (kind === 'Pages') declared = Math.max(declared, Number(/\/Count\s+(\d{1,6})/.exec(object)?.[1] ?? 0));
  }
  const pages = Math.max(declared, seen);
  return pages === 0 ? null : pages;
}
