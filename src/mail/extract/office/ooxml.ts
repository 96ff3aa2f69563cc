import type { ExtractBudget } from '../budget.js';
import type { FoundLink } from '../examine.js';
import type { FileToRead, FormatFacts } from '../format.js';
import { listZip } from '../archive/zip.js';
import type { ArchiveListing } from '../archive/listing.js';
import { ddeOf } from './dde.js';
import { macroMarks } from './macro-marks.js';
import { vbaSource } from './vba.js';

const MACRO_PART = /(?:^|\/)vbaProject\.bin$/i;
const MACRO_SHEET = /(?:^|\/)macrosheets\//i;
const BASIC_PART = /^(?:Basic|Scripts)\/.+\.(?:xml|py|js|bsh)$/i;
const TEXT_PART =
  /^(?:word\/(?:document|header\d*|footer\d*|footnotes)\.xml|xl\/sharedStrings\.xml|ppt\/slides\/slide\d+\.xml|content\.xml)$/i;
const EMBEDDED = /(?:^|\/)(?:embeddings|activeX|ObjectReplacements)\/([^/]+)$/i;
const RELATIONSHIPS = /\.rels$/i;
/** Relationships whose target is fetched when the document opens, not when someone clicks. */
const FETCHED = /\/(?:attachedTemplate|oleObject|frame|subDocument|externalLink)$/i;
const RELATIONSHIP_FILES = 60;
const TEXT_PARTS = 40;

/** Reads an Office Open XML or OpenDocument file: macros, what it fetches or runs by itself, embedded objects, links and text. */
export function readOoxml(file: FileToRead): FormatFacts {
  const { budget } = file;
  const listing = listZip(file.bytes, Math.max(0, budget.left('entries')));
  const read = createPartReader(listing, budget);
  const texts = read(TEXT_PART, TEXT_PARTS);
  const relationships = read(RELATIONSHIPS, RELATIONSHIP_FILES).flatMap(relationshipsOf);
  const marks = new Set<string>();
  for (const part of read(MACRO_PART, 4)) for (const mark of macroMarks(vbaSource(part))) marks.add(mark);
  for (const part of read(BASIC_PART, 20)) for (const mark of macroMarks(part.toString('utf8'))) marks.add(mark);
  const macroSheet = listing.entries.some(({ name }) => MACRO_SHEET.test(name));
  if (macroSheet)
    marks.add(hasAutoName(read(/^xl\/workbook\.xml$/i, 1)) ? 'Excel 4 auto macro' : 'Excel 4 macro sheet');

  const external = relationships.filter((relationship) => relationship.external);
  const encrypted = listing.entries.some((entry) => entry.encrypted) || isEncryptedOpenDocument(read);
  return {
    office: {
      macros: macroSheet || listing.entries.some(({ name }) => MACRO_PART.test(name) || BASIC_PART.test(name)),
      macroMarks: [...marks],
      dde: texts.some((part) => ddeOf(part.toString('utf8'))) || hasDdeLink(read),
      externalTemplate: external.find(({ type }) => FETCHED.test(type))?.target ?? null,
      embeddedObjects: listing.entries.flatMap(({ name }) => EMBEDDED.exec(name)?.[1] ?? []).slice(0, 50),
      encrypted,
    },
    text: texts.map((part) => textOf(part.toString('utf8'))).join('\n'),
    links: [...external.filter(({ type }) => /\/hyperlink$/i.test(type)).map(linkTo), ...openDocumentLinks(texts)],
    examined: encrypted ? 'encrypted' : listing.damaged ? 'damaged' : budget.exhausted ? 'partial' : 'complete',
  };
}

type PartReader = (names: RegExp, most: number) => Buffer[];

function createPartReader(listing: ArchiveListing, budget: ExtractBudget): PartReader {
  return (names, most) =>
    listing.entries
      .filter((entry) => names.test(entry.name) && !entry.encrypted)
      .slice(0, most)
      .flatMap((entry) => {
        if (entry.size > budget.limits.streamBytes) {
          budget.exhaust();
          return [];
        }
        return listing.unpack?.(entry, budget) ?? [];
      });
}

interface Relationship {
  readonly type: string;
  readonly target: string;
  readonly external: boolean;
}

function relationshipsOf(part: Buffer): Relationship[] {
  return [...part.toString('utf8').matchAll(/<(?:\w+:)?Relationship\b([^<>]*)>/g)]
    .slice(0, 2000)
    .map(([, attributes]) => ({
      type: attribute(attributes ?? '', 'Type'),
      target: attribute(attributes ?? '', 'Target'),
      external: /\bTargetMode\s*=\s*["']External["']/i.test(attributes ?? ''),
    }));
}

function attribute(attributes: string, name: string): string {
  const match = new RegExp(`\\b${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(attributes);
  return decodeXml(match?.[1] ?? match?.[2] ?? '');
}

function linkTo({ target }: Relationship): FoundLink {
  return { url: target, origin: 'office', text: '' };
}

function openDocumentLinks(texts: readonly Buffer[]): FoundLink[] {
  return texts
    .flatMap((part) => [...part.toString('utf8').matchAll(/<text:a\b[^<>]*?xlink:href="([^"<]+)"[^<>]*>([^<]*)/g)])
    .map(([, href, text]) => ({ url: decodeXml(href ?? ''), origin: 'office', text: decodeXml(text ?? '') }));
}

/** Excel 4 macros run on opening when a defined name begins with Auto_Open. */
function hasAutoName(workbook: readonly Buffer[]): boolean {
  return workbook.some((part) => /_xlnm\.Auto_(?:Open|Close|Activate)|name="Auto_Open/i.test(part.toString('utf8')));
}

function hasDdeLink(read: PartReader): boolean {
  return read(/^xl\/externalLinks\/externalLink\d+\.xml$/i, 20).some((part) => part.includes('<ddeLink'));
}

function isEncryptedOpenDocument(read: PartReader): boolean {
  return read(/^META-INF\/manifest\.xml$/, 1).some((part) => part.includes('manifest:encryption-data'));
}

function textOf(xml: string): string {
  return decodeXml(
    xml
      .replace(/<(?:w:instrText|w:delText)\b[^<>]*>[^<]*/g, '')
      .replace(/<\/(?:w:p|a:p|text:p|text:h|si|w:tr)>|<w:(?:br|tab)\b[^<>]*>/g, '\n')
      .replace(/<[^<>]*>/g, ''),
  ).trim();
}

function decodeXml(text: string): string {
  return text.replace(
    /&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(lt|gt|amp|quot|apos));/gi,
    (whole, hex?: string, decimal?: string, name?: string) => {
      if (name !== undefined) return { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }[name.toLowerCase()] ?? whole;
      const code = hex === undefined ? Number(decimal) : parseInt(hex, 16);
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    },
  );
}
