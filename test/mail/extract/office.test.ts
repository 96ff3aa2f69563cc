import assert from 'node:assert/strict';
import { decompress } from '../../../src/mail/extract/office/vba.js';
import { zip } from '../../helpers/samples/archives.js';
import { ole, oneNote, vbaModule, word, wordWithMacro } from '../../helpers/samples/documents.js';
import { examined, urls } from './examined.js';

const hex = (text: string): Buffer => Buffer.from(text.replace(/\s/g, ''), 'hex');

describe('Office documents', () => {
  it('VBA is decompressed as the specification shows it', () => {
    // [MS-OVBA] 3.2.1 (no compression), 3.2.2 (normal), 3.2.3 (maximum).
    const none = hex('01 19 B0 00 61 62 63 64 65 66 67 68 00 69 6A 6B 6C 6D 6E 6F 70 00 71 72 73 74 75 76 2E');
    const normal = hex(
      '01 2F B0 00 23 61 61 61 62 63 64 65 82 66 00 70 61 67 68 69 6A 01 38 08 61 6B 6C 00 30 6D 6E 6F 70 06 71 02 70 04 10 72 73 74 75 76 10 77 78 79 7A 00 3C',
    );
    const most = hex('01 03 B0 02 61 45 00');
    assert.equal(decompress(none).toString(), 'abcdefghijklmnopqrstuv.');
    assert.equal(decompress(normal).toString(), '#aaabcdefaaaaghijaaaaaklaaamnopqaaaaaaaaaaaarstuvwxyzaaa');
    assert.equal(decompress(most).toString(), 'a'.repeat(73));
  });

  it('macros of old and new documents are read, with what they start by themselves and call', async () => {
    const code = 'Sub Document_Open()\r\nSet x = CreateObject("WScript.Shell")\r\nEnd Sub\r\n';
    const project = ole({ 'VBA/ThisDocument': vbaModule(code) });
    const old = await examined(wordWithMacro(code), 'a.doc');
    const recent = await examined(word({ more: [{ name: 'word/vbaProject.bin', bytes: project }] }), 'a.docm');
    for (const { office } of [old, recent]) {
      assert.equal(office?.macros, true);
      assert.deepEqual(office.macroMarks, ['Document_Open', 'CreateObject', 'WScript.Shell']);
    }
  });

  it('a template, frame or object fetched on opening is told apart from a link', async () => {
    const { office, links } = await examined(
      word({
        external: [
          ['hyperlink', 'https://www.sender.example/?a=1&amp;b=2'],
          ['attachedTemplate', 'https://templates.example/t.dotm'],
        ],
      }),
    );
    assert.equal(office?.externalTemplate, 'https://templates.example/t.dotm');
    assert.deepEqual(links, [{ url: 'https://www.sender.example/?a=1&b=2', origin: 'office', text: '' }]);
  });

  it('a DDE field split over runs is found; the word in the text is not', async () => {
    const field = ['DD', 'EAUTO c:\\example'].map(
      (run) => `<w:r><w:instrText xml:space="preserve">${run}</w:instrText></w:r>`,
    );
    const begin = '<w:r><w:fldChar w:fldCharType="begin"/></w:r>';
    assert.equal((await examined(word({ body: begin + field.join('') }))).office?.dde, true);
    assert.equal((await examined(word({ text: 'DDEAUTO' }))).office?.dde, false);
  });

  it('the text is what a reader sees, paragraph by paragraph', async () => {
    const { text } = await examined(word({ text: 'Pay &amp; go', body: '<w:p><w:r><w:t>Second</w:t></w:r></w:p>' }));
    assert.equal(text, 'Pay & go\nSecond');
  });

  it('encrypted documents of both kinds are known to be encrypted', async () => {
    const locked = await examined(ole({ EncryptionInfo: Buffer.alloc(64), EncryptedPackage: Buffer.alloc(512) }));
    assert.equal(locked.examined, 'encrypted');
    const flagged = Buffer.alloc(512);
    flagged[11] = 1;
    assert.equal((await examined(ole({ WordDocument: flagged }))).office?.encrypted, true);
  });

  it('Excel 4 macro sheets are found, and whether they start by themselves', async () => {
    const record = (type: number, body: Buffer): Buffer => {
      const head = Buffer.alloc(4);
      head.writeUInt16LE(type, 0);
      head.writeUInt16LE(body.length, 2);
      return Buffer.concat([head, body]);
    };
    const sheet = record(0x85, Buffer.from([0, 0, 0, 0, 0, 1, 6, 0, ...Buffer.from('Macro1')]));
    const name = Buffer.alloc(16);
    name.writeUInt16LE(0x20, 0);
    name[15] = 1;
    const { office } = await examined(ole({ Workbook: Buffer.concat([sheet, record(0x18, name), Buffer.alloc(64)]) }));
    assert.deepEqual(office?.macroMarks, ['Excel 4 auto macro']);
  });

  it('a workbook of today with a macro sheet counts as one with macros', async () => {
    const { office } = await examined(
      zip([
        { name: '[Content_Types].xml', bytes: '<Types/>' },
        { name: 'xl/workbook.xml', bytes: '<definedName name="_xlnm.Auto_Open">m!A1</definedName>' },
        { name: 'xl/macrosheets/sheet1.xml', bytes: '<xm:macrosheet/>' },
      ]),
    );
    assert.deepEqual([office?.macros, office?.macroMarks], [true, ['Excel 4 auto macro']]);
  });

  it('objects in RTF are named by class, however their digits are interleaved', async () => {
    const digits = Buffer.concat([Buffer.from('0105000002000000', 'hex'), Buffer.from('Equation.3\0')]).toString('hex');
    const spread = digits.match(/../g)?.join('\r\n{\\*\\x}') ?? '';
    const { office } = await examined(`{\\rtf1{\\object\\objupdate{\\*\\objdata ${spread}}}Offer}`, 'a.doc');
    assert.deepEqual(office?.embeddedObjects, ['Equation.3', 'updates itself']);
  });

  it('a template that RTF fetches is found, and its links', async () => {
    const examination = await examined(
      '{\\rtf1{\\*\\template http://templates.example/x}{\\field{\\*\\fldinst HYPERLINK "https://in.example/"}{\\fldrslt here}}}',
    );
    assert.equal(examination.office?.externalTemplate, 'http://templates.example/x');
    assert.deepEqual(urls(examination), ['https://in.example/']);
  });

  it('files embedded in OneNote are named and typed by their bytes', async () => {
    const { office } = await examined(
      oneNote([{ name: 'Open.hta', bytes: Buffer.from('<html><hta:application></html>') }]),
    );
    assert.deepEqual(office?.embeddedObjects, ['Open.hta', 'application/hta']);
  });
});
