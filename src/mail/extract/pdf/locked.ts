import type { getDocumentProxy } from 'unpdf';
import type { FoundLink } from '../examine.js';
import type { FileToRead, FormatFacts } from '../format.js';

const LARGEST = 4 * 1024 * 1024;
const PAGES = 5;
const MILLISECONDS = 1500;

/**
 * Reads an encrypted PDF as any viewer would without a password: many are only locked against changes, and phishers know that scanners
 * stop there. Where a password is really needed, the file stays 'encrypted'.
 */
export async function readLocked(file: FileToRead): Promise<FormatFacts> {
  if (file.bytes.length > LARGEST || !file.budget.inTime()) return { examined: 'encrypted' };
  // Imported here because pdf.js is large and few messages need it.
  const pdfjs = await import('unpdf');
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => (timer = setTimeout(() => resolve(null), MILLISECONDS)));
  const reading = pdfjs
    .getDocumentProxy(new Uint8Array(file.bytes), { isEvalSupported: false, verbosity: 0 })
    .then((document) => readPages(document, file.budget.limits.textLength).finally(() => document.destroy()))
    .catch(() => null);
  try {
    return (await Promise.race([reading, late])) ?? { examined: 'encrypted' };
  } finally {
    clearTimeout(timer);
  }
}

type PdfDocument = Awaited<ReturnType<typeof getDocumentProxy>>;

async function readPages(document: PdfDocument, textLength: number): Promise<FormatFacts> {
  const links: FoundLink[] = [];
  let text = '';
  const pages = Math.min(document.numPages, PAGES);
  for (let number = 1; number <= pages; number++) {
    const page = await document.getPage(number);
    for (const annotation of (await page.getAnnotations()) as {
      readonly unsafeUrl?: unknown;
      readonly url?: unknown;
    }[]) {
      const url = annotation.unsafeUrl ?? annotation.url;
      if (typeof url === 'string') links.push({ url, origin: 'pdf', text: '' });
    }
    const { items } = await page.getTextContent();
    text += items.map((item) => ('str' in item ? item.str + (item.hasEOL ? '\n' : '') : '')).join('');
  }
  return { links, text: text.slice(0, textLength), examined: document.numPages > pages ? 'partial' : 'complete' };
}
