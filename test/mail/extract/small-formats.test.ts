import assert from 'node:assert/strict';
import { detectType, extensionOf } from '../../../src/mail/extract/true-type.js';
import { shortcut } from '../../helpers/samples/documents.js';
import { examined, urls } from './examined.js';

describe('small formats', () => {
  it('an invitation gives its words, its links and its organiser', async () => {
    const examination = await examined(
      [
        'BEGIN:VCALENDAR',
        'PRODID:-//x//https://maker.example/',
        'BEGIN:VEVENT',
        'ORGANIZER;CN="Kim":mailto:kim@sender.example',
        'SUMMARY:Payroll\\, urgent',
        'DESCRIPTION:Sign here: https://sign.exam',
        ' ple/a.',
        'END:VEVENT',
        'END:VCALENDAR',
      ].join('\r\n'),
      'invite.ics',
    );
    assert.deepEqual(urls(examination), ['mailto:kim@sender.example', 'https://sign.example/a']);
    assert.match(examination.text, /^summary: Payroll, urgent$/m);
  });

  it('a shortcut says what it would run', async () => {
    const { text, detectedType } = await examined(shortcut('..\\System32\\cmd.exe', '/c echo hello'), 'Invoice.lnk');
    assert.equal(detectedType, 'application/x-ms-shortcut');
    assert.equal(text, '..\\System32\\cmd.exe\n/c echo hello');
  });

  it('an internet shortcut gives the address it opens', async () => {
    const examination = await examined('[InternetShortcut]\r\nURL=https://in.example/\r\n', 'a.url');
    assert.deepEqual(urls(examination), ['https://in.example/']);
  });

  it('the addresses in a text file are found, its text is bounded', async () => {
    const examination = await examined(`See https://in.example/a, please.\n${'x'.repeat(300_000)}`, 'a.txt');
    assert.deepEqual(urls(examination), ['https://in.example/a']);
    assert.ok(examination.text.length <= 64 * 1024);
    assert.equal(examination.examined, 'partial');
  });

  it('types are told by bytes: programs, images of disks, messages, prose that begins like a program', () => {
    const vhd = Buffer.alloc(2048, 1);
    vhd.write('conectix', 1536, 'latin1');
    const cases: [Buffer, string | null][] = [
      [
        Buffer.from('MZ is a fine way to begin a sentence about history and other things, is it not, my dear friend?'),
        'text/plain',
      ],
      [Buffer.concat([Buffer.from('MZ'), Buffer.alloc(100)]), 'application/vnd.microsoft.portable-executable'],
      [vhd, 'application/x-virtualbox-vhd'],
      [Buffer.from('junk before\n%PDF-1.4'), 'application/pdf'],
      [Buffer.from('Received: by x\nFrom: a@b.example\nSubject: hi\n\nbody'), 'message/rfc822'],
      [Buffer.from('Name: Kim\nTown: Oslo\nColour: green\n'), 'text/plain'],
      [Buffer.from('\ufeff<svg xmlns="http://www.w3.org/2000/svg"/>', 'utf16le'), 'image/svg+xml'],
      [Buffer.from([0, 1, 2, 3, 4, 5]), null],
      [Buffer.alloc(0), null],
    ];
    for (const [bytes, type] of cases) assert.equal(detectType(bytes), type);
  });

  it('the extension is the one that opens the file: last, without the dots and spaces Windows drops', () => {
    assert.equal(extensionOf('Invoice.PDF.exe . '), 'exe');
    assert.equal(extensionOf('archive.tar.gz'), 'gz');
    assert.equal(extensionOf('no extension'), '');
    assert.equal(extensionOf(null), '');
  });
});
