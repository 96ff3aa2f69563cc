import type { ArchiveFacts, PdfFacts } from '../../message.js';
import type { FoundLink } from '../examine.js';
import type { FileToRead, FormatFacts } from '../format.js';
import { embeddedFiles } from './embedded.js';
import { readLocked } from './locked.js';
import { qrInPdf } from './qr-in-pdf.js';
import { readStructure } from './structure.js';
import type { PdfStructure } from './structure.js';
import { stringAt } from './strings.js';
import { textInPdf } from './text.js';

const LINKS = 200;

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
    pages: countPages(text),
  };
  if (encrypted) return { pdf, ...(await readLocked(file)) };
  const carried = await embeddedFiles(structure, file);
  return {
    pdf,
    archive: carried.archive,
    text: textInPdf(structure, file.budget),
    links: [...linksOf(text), ...carried.links, ...(await qrInPdf(structure, file.budget))],
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

function linksOf(text: string): FoundLink[] {
  const urls = new Set<string>();
  for (const match of text.matchAll(/\/(?:URI|F)\s*(?=[(<])|\/URI\s+(\d+)\s+\d+\s+R/g)) {
    if (urls.size >= LINKS) break;
    const [whole, reference] = match;
    const at = reference === undefined ? match.index + whole.length : startOfObject(text, reference);
    const url = at === null ? null : stringAt(text, at)?.trim();
    // /F names the target of a form or a remote file; most are plain file names.
    if (url && (whole.startsWith('/URI') || /^https?:\/\//i.test(url))) urls.add(url);
  }
  return [...urls].map((url) => ({ url, origin: 'pdf', text: '' }));
}

function startOfObject(text: string, number: string): number | null {
  const match = new RegExp(`(?:^|\\s)${number}\\s+\\d+\\s+obj\\s*`).exec(text);
  return match === null ? null : match.index + match[0].length;
}

function countPages(text: string): number | null {
  const counts = [
    ...text.matchAll(/\/Type\s*\/Pages\b[^>]*?\/Count\s+(\d{1,6})|\/Count\s+(\d{1,6})[^>]*?\/Type\s*\/Pages\b/g),
  ];
  const declared = Math.max(0, ...counts.map(([, after, before]) => Number(after ?? before)));
  const seen = text.match(/\/Type\s*\/Page\b/g)?.length ?? 0;
  const pages = Math.max(declared, seen);
  return pages === 0 ? null : pages;
}
