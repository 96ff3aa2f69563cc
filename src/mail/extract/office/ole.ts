import type { CFB$Container, CFB$Entry } from 'cfb';
import type { FoundLink } from '../examine.js';
import type { FileToRead, FormatFacts } from '../format.js';
import { linksInBytes } from '../links-in-bytes.js';
import { readBiff } from './biff.js';
import { macroMarks } from './macro-marks.js';
import { nativeObject } from './native-object.js';
import { vbaSource } from './vba.js';

const STREAMS = 500;

/** Reads an OLE compound file ([MS-CFB]): Office before 2007, encrypted Office of any version. */
export async function readOle(file: FileToRead): Promise<FormatFacts> {
  const cfb = await import('cfb');
  const streams = streamsOf(cfb.read(file.bytes, { type: 'buffer' }));
  const marks = new Set<string>();
  const objects: string[] = [];
  let macros = false;
  let encrypted = streams.some(({ path }) => /\/(?:EncryptedPackage|EncryptedSummary)$/i.test(path));
  let dde = false;
  const links: FoundLink[] = [];

  for (const { path, bytes } of streams) {
    if (/\/VBA\/(?!dir$|_VBA_PROJECT$|__SRP_)[^/]+$/i.test(path)) {
      const source = vbaSource(bytes);
      macros ||= source !== '';
      for (const mark of macroMarks(source)) marks.add(mark);
    } else if (/\/(?:Workbook|Book)$/i.test(path)) {
      const sheets = readBiff(bytes);
      encrypted ||= sheets.encrypted;
      dde ||= sheets.dde;
      macros ||= sheets.macroSheet;
      if (sheets.macroSheet) marks.add(sheets.autoName ? 'Excel 4 auto macro' : 'Excel 4 macro sheet');
      links.push(...linksInBytes(bytes, 'office'));
    } else if (/\/WordDocument$/i.test(path)) {
      // FibBase.fEncrypted ([MS-DOC] 2.5.2).
      encrypted ||= bytes.length > 12 && ((bytes[11] ?? 0) & 1) !== 0;
      dde ||= /\x13\s*DDE(?:AUTO)?\b/i.test(bytes.toString('latin1'));
      links.push(...linksInBytes(bytes, 'office'));
    } else if (/\/PowerPoint Document$/i.test(path)) {
      links.push(...linksInBytes(bytes, 'office'));
    } else if (/\/\x01Ole10Native$/.test(path)) {
      objects.push(nativeObject(bytes));
    } else if (/\/Equation Native$/.test(path)) {
      objects.push('Equation.3');
    }
  }
  const office = {
    macros,
    macroMarks: [...marks],
    dde,
    externalTemplate: null,
    embeddedObjects: objects.slice(0, 50),
    encrypted,
  };
  return { office, links, examined: encrypted ? 'encrypted' : 'complete' };
}

interface Stream {
  readonly path: string;
  readonly bytes: Buffer;
}

function streamsOf(container: CFB$Container): Stream[] {
  return container.FullPaths.slice(0, STREAMS).flatMap((path, index) => {
    const entry: CFB$Entry | undefined = container.FileIndex[index];
    if (entry === undefined || entry.type !== 2) return [];
    return [{ path, bytes: Buffer.from(entry.content as Uint8Array) }];
  });
}
