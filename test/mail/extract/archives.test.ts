import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { createExtractBudget } from '../../../src/mail/extract/examine.js';
import { cab, iso, rar4, rar5, sealedSevenZip, tar, tarGz, tnef, zip } from '../../helpers/samples/archives.js';
import { outlookMessage, pdf, programStub, wordWithMacro } from '../../helpers/samples/documents.js';
import { examined, urls } from './examined.js';

describe('archives', () => {
  it('a ZIP is listed with sizes and encryption, without trusting either', async () => {
    const { archive, examined: how } = await examined(
      zip([
        { name: 'a/notes.txt', bytes: 'hello' },
        { name: 'locked.docx', bytes: 'x', encrypted: true },
      ]),
    );
    assert.deepEqual(archive?.entries, [
      { name: 'a/notes.txt', size: 5, encrypted: false, depth: 0 },
      { name: 'locked.docx', size: 1, encrypted: true, depth: 0 },
    ]);
    assert.equal(archive.encrypted, true);
    assert.equal(how, 'encrypted');
  });

  it('members are examined like attachments: true type, macros, links', async () => {
    const { archive, links } = await examined(
      zip([
        { name: 'statement.pdf', bytes: programStub() },
        { name: 'order.doc', bytes: wordWithMacro('Sub AutoOpen()\r\nEnd Sub') },
        { name: 'invoice.pdf', bytes: pdf({ links: ['https://in.example/'] }) },
      ]),
    );
    const members = new Map(archive?.members.map((member) => [member.name, member]));
    assert.equal(members.get('statement.pdf')?.detectedType, 'application/vnd.microsoft.portable-executable');
    assert.deepEqual(members.get('order.doc')?.office?.macroMarks, ['AutoOpen']);
    assert.match(members.get('order.doc')?.sha256 ?? '', /^[0-9a-f]{64}$/);
    assert.deepEqual(links, [{ url: 'https://in.example/', origin: 'pdf', text: '' }]);
  });

  it('archives in archives are listed with the outermost, by path and depth', async () => {
    const inner = zip([{ name: 'deep.exe', bytes: programStub() }]);
    const { archive } = await examined(tarGz([{ name: 'inner.zip', bytes: inner }]), 'outer.tgz');
    assert.equal(archive?.format, 'tar.gz');
    assert.deepEqual(
      archive.entries.map(({ name, depth }) => [name, depth]),
      [
        ['inner.zip', 0],
        ['inner.zip/deep.exe', 1],
      ],
    );
    assert.ok(archive.members.some(({ name }) => name === 'inner.zip/deep.exe'));
  });

  it('nesting is followed three archives deep and no further, and said to go on', async () => {
    let bytes = zip([{ name: 'innermost.txt', bytes: 'x' }]);
    for (let level = 0; level < 6; level++) bytes = zip([{ name: `level-${level}.zip`, bytes }]);
    const { archive, examined: how } = await examined(bytes);
    assert.equal(Math.max(...(archive?.entries.map(({ depth }) => depth) ?? [])), 3);
    assert.equal(archive?.truncated, true);
    assert.equal(how, 'partial');
  });

  it('a bomb costs no more than the budget and leaves the files beside it readable', async () => {
    const budget = createExtractBudget({ inflatedBytes: 2 * 1024 * 1024, streamBytes: 1024 * 1024 });
    const bomb = zip([
      { name: 'small.txt', bytes: 'see https://in.example/' },
      { name: 'bomb.txt', bytes: Buffer.alloc(64 * 1024 * 1024), declaredSize: 10 },
    ]);
    const examination = await examined(bomb, 'b.zip', budget);
    assert.deepEqual(urls(examination), ['https://in.example/']);
    assert.equal(examination.examined, 'partial');
    assert.equal(budget.exhausted, true);
  });

  it('a gzip bomb is given up at the limit of one stream', async () => {
    const budget = createExtractBudget({ streamBytes: 64 * 1024 });
    const { archive, examined: how } = await examined(gzipSync(Buffer.alloc(8 * 1024 * 1024)), 'b.gz', budget);
    assert.equal(how, 'partial');
    assert.ok((archive?.ratio ?? 0) > 500);
  });

  it('entries beyond the limit are not listed, and that is said', async () => {
    const many = Array.from({ length: 40 }, (_, i) => ({ name: `${i}.dat`, bytes: '' }));
    const { archive } = await examined(zip(many), 'm.zip', createExtractBudget({ entries: 10 }));
    assert.equal(archive?.entries.length, 10);
    assert.equal(archive.truncated, true);
  });

  it('a ZIP whose directory was cut off is still listed, as damaged', async () => {
    const whole = zip([{ name: 'evil.exe', bytes: programStub() }]);
    const { archive, examined: how } = await examined(whole.subarray(0, whole.length - 30));
    assert.deepEqual(
      archive?.entries.map(({ name }) => name),
      ['evil.exe'],
    );
    assert.equal(how, 'damaged');
  });

  it('a ZIP behind other bytes is read by its directory', async () => {
    const { listZip } = await import('../../../src/mail/extract/archive/zip.js');
    const listing = listZip(Buffer.concat([Buffer.alloc(777, 1), zip([{ name: 'a.txt', bytes: 'hello' }])]), 10);
    const [entry] = listing.entries;
    assert.equal(listing.unpack?.(entry!, createExtractBudget())?.toString(), 'hello');
  });

  it('tar, ISO, CAB and RAR of both versions are listed', async () => {
    const names = async (bytes: Uint8Array): Promise<string[]> =>
      (await examined(bytes)).archive?.entries.map(({ name }) => name) ?? [];
    assert.deepEqual(
      await names(
        tar([
          { name: 'a.txt', bytes: 'hello' },
          { name: 'b.txt', bytes: '' },
        ]),
      ),
      ['a.txt', 'b.txt'],
    );
    assert.deepEqual(await names(iso([{ name: 'RUN.EXE', bytes: programStub() }])), ['RUN.EXE']);
    assert.deepEqual(await names(cab(['a.dll', 'b.inf'])), ['a.dll', 'b.inf']);
    assert.deepEqual(await names(rar4('folder\\a.exe')), ['folder/a.exe']);
    assert.deepEqual(await names(rar5('Übersicht.pdf')), ['Übersicht.pdf']);
  });

  it('locked RAR and 7z archives are known to be locked', async () => {
    for (const bytes of [
      rar4('a', { encrypted: true }),
      rar4('a', { sealed: true }),
      rar5('a', { encrypted: true }),
      sealedSevenZip(),
    ]) {
      const { archive, examined: how } = await examined(bytes);
      assert.equal(archive?.encrypted, true);
      assert.equal(how, 'encrypted');
    }
  });

  it('a message inside an archive is handed out to be read', async () => {
    const { messages } = await examined(
      zip([{ name: 'm.eml', bytes: 'From: a@b.example\r\nSubject: x\r\nDate: now\r\n\r\nHello' }]),
    );
    assert.match(Buffer.from(messages[0]!).toString(), /^From: a@b\.example/);
  });

  it('attachments inside winmail.dat and saved Outlook messages are examined by name and bytes', async () => {
    const wrapped = await examined(tnef('invoice.exe', programStub()), 'winmail.dat');
    const saved = await examined(outlookMessage('See https://in.example/', 'invoice.exe', programStub()), 'a.msg');
    for (const { archive } of [wrapped, saved]) {
      assert.deepEqual(
        archive?.members.map(({ name, detectedType }) => [name, detectedType]),
        [['invoice.exe', 'application/vnd.microsoft.portable-executable']],
      );
    }
    assert.deepEqual(urls(saved), ['https://in.example/']);
    assert.match(saved.text, /^Fwd: documents/);
  });
});
