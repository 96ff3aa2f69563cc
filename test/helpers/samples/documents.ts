import * as cfb from 'cfb';
import { deflateSync } from 'node:zlib';
import { zip } from './archives.js';
import type { Entry } from './archives.js';

/** VBA source as a module stream holds it: the compressed container of [MS-OVBA], literals only, after some bytes of performance cache. */
export function vbaModule(code: string): Buffer {
  const source = Buffer.from(`Attribute VB_Name = "Module1"\r\n${code}`, 'latin1');
  const chunks: Buffer[] = [Buffer.from([1])];
  for (let at = 0; at < source.length; at += 2048) {
    const plain = source.subarray(at, at + 2048);
    const packed: Buffer[] = [];
    for (let i = 0; i < plain.length; i += 8) packed.push(Buffer.from([0]), plain.subarray(i, i + 8));
    const body = Buffer.concat(packed);
    const header = Buffer.alloc(2);
    header.writeUInt16LE(0xb000 | (body.length - 1), 0);
    chunks.push(header, body);
  }
  return Buffer.concat([Buffer.from('performance cache'), ...chunks]);
}

/** An OLE compound file with these streams. */
export function ole(streams: Readonly<Record<string, Uint8Array>>): Buffer {
  const container = cfb.utils.cfb_new();
  for (const [path, bytes] of Object.entries(streams)) cfb.utils.cfb_add(container, path, Buffer.from(bytes));
  cfb.utils.cfb_del(container, '/\u0001Sh33tJ5');
  return Buffer.from(cfb.write(container, { type: 'buffer' }) as Uint8Array);
}

/** A Word 97 document with a macro module. */
export function wordWithMacro(code: string): Buffer {
  return ole({ WordDocument: Buffer.alloc(512), 'Macros/VBA/Module1': vbaModule(code) });
}

export interface WordParts {
  readonly text?: string;
  /** Markup of further runs in the body. */
  readonly body?: string;
  /** Relationships of the settings part, as `[type, target]`, all external. */
  readonly external?: readonly (readonly [string, string])[];
  readonly more?: readonly Entry[];
}

const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

/** A Word document of today. */
export function word({ text, body, external, more }: WordParts): Buffer {
  const relationships = (external ?? []).map(
    ([type, target], index) =>
      `<Relationship Id="rId${index}" Type="${OFFICE}/${type}" Target="${target}" TargetMode="External"/>`,
  );
  return zip([
    { name: '[Content_Types].xml', bytes: '<?xml version="1.0"?><Types/>' },
    {
      name: 'word/document.xml',
      bytes: `<?xml version="1.0"?><w:document><w:body><w:p><w:r><w:t>${text ?? 'Minutes of the meeting'}</w:t></w:r></w:p>${body ?? ''}</w:body></w:document>`,
    },
    {
      name: 'word/_rels/settings.xml.rels',
      bytes: `<?xml version="1.0"?><Relationships>${relationships.join('')}</Relationships>`,
    },
    ...(more ?? []),
  ]);
}

export interface PdfParts {
  /** Objects besides the page tree, without 'obj' and 'endobj'; they are numbered from 10. */
  readonly objects?: readonly string[];
  /** More entries of the catalogue. */
  readonly catalog?: string;
  readonly trailer?: string;
  readonly text?: string;
  readonly links?: readonly string[];
  readonly streams?: readonly { readonly dictionary: string; readonly bytes: Uint8Array }[];
}

/** A PDF of one page. Streams are numbered from 50. */
export function pdf({ objects, catalog, trailer, text, links, streams }: PdfParts): Buffer {
  const annotations = (links ?? []).map((url) => `<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A<</S/URI/URI(${url})>>>>`);
  const content = deflateSync(
    Buffer.from(`BT /F1 12 Tf 72 720 Td (${text ?? 'Statement of account'}) Tj ET`, 'latin1'),
  );
  const parts: (string | Uint8Array)[] = [
    '%PDF-1.7\n',
    `1 0 obj\n<</Type/Catalog/Pages 2 0 R ${catalog ?? ''}>>\nendobj\n`,
    '2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n',
    `3 0 obj\n<</Type/Page/Parent 2 0 R/Contents 4 0 R/Annots[${annotations.join(' ')}]>>\nendobj\n`,
    `4 0 obj\n<</Filter/FlateDecode/Length ${content.length}>>\nstream\n`,
    content,
    '\nendstream\nendobj\n',
    ...(objects ?? []).map((object, index) => `${10 + index} 0 obj\n${object}\nendobj\n`),
    ...(streams ?? []).flatMap(({ dictionary, bytes }, index) => [
      `${50 + index} 0 obj\n<<${dictionary}/Length ${bytes.length}>>\nstream\n`,
      bytes,
      '\nendstream\nendobj\n',
    ]),
    `trailer\n<</Root 1 0 R ${trailer ?? ''}>>\n%%EOF\n`,
  ];
  return Buffer.concat(
    parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part))),
  );
}

/** A PDF that carries a file. */
export function pdfCarrying(name: string, bytes: Uint8Array): Buffer {
  return pdf({
    catalog: `/Names<</EmbeddedFiles<</Names[(${name}) 10 0 R]>>>>`,
    objects: [`<</Type/Filespec/F(${name})/EF<</F 50 0 R>>>>`],
    streams: [{ dictionary: '/Type/EmbeddedFile', bytes }],
  });
}

/** A OneNote section with embedded files. */
export function oneNote(files: readonly { readonly name: string; readonly bytes: Uint8Array }[]): Buffer {
  const header = Buffer.alloc(1024);
  Buffer.from('e4525c7b8cd8a74daeb15378d02996d3', 'hex').copy(header);
  const stored = files.flatMap(({ name, bytes }) => {
    const store = Buffer.alloc(36);
    Buffer.from('e716e3bd65261145a4c48d4d0b7a9eac', 'hex').copy(store);
    store.writeBigUInt64LE(BigInt(bytes.length), 16);
    return [Buffer.from(`${name}\0`, 'utf16le'), store, Buffer.from(bytes)];
  });
  return Buffer.concat([header, ...stored]);
}

/** A Windows shortcut to `target` with arguments. */
export function shortcut(target: string, argumentsText: string): Buffer {
  const header = Buffer.alloc(0x4c);
  Buffer.from('4c0000000114020000000000c000000000000046', 'hex').copy(header);
  header.writeUInt32LE(0x80 | 0x08 | 0x20, 0x14);
  const text = (value: string): Buffer => {
    const length = Buffer.alloc(2);
    length.writeUInt16LE(value.length, 0);
    return Buffer.concat([length, Buffer.from(value, 'utf16le')]);
  };
  return Buffer.concat([header, text(target), text(argumentsText)]);
}

/** What a Windows program begins with; it runs nowhere. */
export function programStub(): Buffer {
  const stub = Buffer.alloc(128);
  stub.write('MZ', 'latin1');
  stub.writeUInt32LE(64, 60);
  stub.write('PE\0\0', 64, 'latin1');
  return stub;
}

/** A message as Outlook saves it, with one attachment. */
export function outlookMessage(body: string, name: string, bytes: Uint8Array): Buffer {
  const attachment = '__attach_version1.0_#00000000';
  return ole({
    '__properties_version1.0': Buffer.alloc(32),
    '__substg1.0_0037001F': Buffer.from('Fwd: documents', 'utf16le'),
    '__substg1.0_1000001F': Buffer.from(body, 'utf16le'),
    [`${attachment}/__substg1.0_3704001F`]: Buffer.from('SHORT~1.EXE', 'utf16le'),
    [`${attachment}/__substg1.0_3707001F`]: Buffer.from(name, 'utf16le'),
    [`${attachment}/__substg1.0_37010102`]: bytes,
  });
}
