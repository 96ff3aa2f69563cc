import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { createExtractBudget } from '../../../src/mail/extract/examine.js';
import { parseMessage } from '../../../src/mail/parse.js';
import { zip } from '../../helpers/samples/archives.js';
import { examined } from './examined.js';

const FIXTURES = 'test/fixtures/findings/attachments';
const MILLISECONDS = 2000;

/** Every attachment of every message that shows a finding: one of each format there is. */
async function samples(): Promise<{ name: string; bytes: Buffer }[]> {
  const files: { name: string; bytes: Buffer }[] = [];
  for (const folder of await readdir(FIXTURES)) {
    const { parts } = parseMessage(await readFile(`${FIXTURES}/${folder}/fires.eml`));
    for (const { filename, content } of parts) if (filename !== null) files.push({ name: filename, bytes: content });
  }
  return files;
}

function packed(name: string, bytes: string): Uint8Array {
  return zip([
    { name: '[Content_Types].xml', bytes: '' },
    { name, bytes },
  ]);
}

describe('hostile bytes', () => {
  it('a file damaged anywhere is examined without an error and within its time', async function () {
    this.timeout(120_000);
    const files = await samples();
    assert.ok(files.length > 30);
    const change = fc.record({
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      value: fc.integer({ min: 0, max: 255 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...files),
        fc.array(change, { maxLength: 12 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        async ({ name, bytes }, changes, end) => {
          const damaged = Buffer.from(bytes.subarray(0, Math.ceil(bytes.length * Math.sqrt(end))));
          for (const { at, value } of changes) damaged[Math.floor(at * damaged.length)] = value;
          const start = performance.now();
          const examination = await examined(damaged, name, createExtractBudget());
          assert.ok(performance.now() - start < MILLISECONDS, name);
          assert.doesNotThrow(() => JSON.stringify(examination));
        },
      ),
      { numRuns: 1500, seed: 4711 },
    );
  });

  it('bytes chosen to make patterns backtrack stay within their time', async () => {
    const million = 1_000_000;
    const files: [string, string | Uint8Array][] = [
      ['a.pdf', `%PDF-1.7\n${'<</Type/Pages '.repeat(million / 20)}`],
      ['b.pdf', `%PDF-1.7\n1 0 obj ${'/URI ('.repeat(million / 10)}`],
      ['c.pdf', `%PDF-1.7\n${'1 0 obj << /ToUnicode '.repeat(million / 25)}`],
      ['d.pdf', `%PDF-1.7\n${'stream\n'.repeat(million / 10)}`],
      ['e.rtf', `{\\rt${'{\\*\\objdata '.repeat(million / 15)}`],
      ['f.rtf', `{\\rt${'{\\info{'.repeat(million / 10)}`],
      ['g.html', `<html><script>${'"%3c'.repeat(million / 5)}</script>`],
      ['h.html', `<html><script>${'1,'.repeat(million / 2)}x</script>`],
      ['i.html', '<div>'.repeat(million / 5)],
      ['j.ics', `BEGIN:VCALENDAR\nSUMMARY${';X="'.repeat(million / 5)}`],
      ['k.svg', `<?xml version="1.0"?>${'<!--'.repeat(million / 5)}`],
      ['l.eml', 'A: b\n '.repeat(million / 10)],
      ['m.pdf', `%PDF-1.7\n${'/EF<<'.repeat(million / 10)}`],
      ['o.docx', packed('word/document.xml', '<'.repeat(million))],
      ['p.docx', packed('word/_rels/document.xml.rels', '<Relationship '.repeat(million / 10))],
      ['q.docx', packed('word/document.xml', '<w:fldSimple <w:instrText '.repeat(million / 25))],
      ['r.pdf', `%PDF-1.7\n4 0 obj\n<<>>\nstream\nBT ${'<<'.repeat(million / 5)}\nendstream`],
      ['s.pdf', `%PDF-1.7\n4 0 obj\n<<>>\nstream\nBT ${'1'.repeat(million / 3)}\nendstream`],
      ['t.pdf', `%PDF-1.7\n${'1'.repeat(million)}`],
      ['u.pdf', `%PDF-1.7\n${'1 0 obj stream\nendstream\n'.repeat(million / 30)}`],
      ['v.html', `<html><script>${`${'A'.repeat(3999)} `.repeat(250)}</script>`],
      ['n.html', `<html><script>${'A'.repeat(million)}</script>`],
    ];
    const slow: string[] = [];
    for (const [name, source] of files) {
      const start = performance.now();
      await examined(source, name, createExtractBudget());
      const milliseconds = Math.round(performance.now() - start);
      if (milliseconds > MILLISECONDS) slow.push(`${name}: ${milliseconds} ms`);
    }
    assert.deepEqual(slow, []);
  });
});
