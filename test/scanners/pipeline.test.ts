import assert from 'node:assert/strict';
import { readMessage } from '../../src/mail/read-message.js';
import { factScanner } from '../../src/scanners/fact-scanner.js';
import { runPipeline } from '../../src/scanners/pipeline.js';
import { SCANNERS } from '../../src/scanners/registry.js';
import { LAYERS } from '../../src/scanners/scanner.js';
import type { Scanner } from '../../src/scanners/scanner.js';
import { zip } from '../helpers/samples/archives.js';
import { offlineContext } from './offline-context.js';

const message = await readMessage(
  Buffer.from(
    'From: Ann <ann@birch.example>\r\nTo: bo@corp.example\r\nSubject: lunch\r\nDate: Tue, 12 May 2026 09:14:01 +0000\r\nMessage-ID: <1@birch.example>\r\n\r\nAt noon?\r\n',
  ),
);

const throws: Scanner = {
  layer: 'urls',
  name: 'throws',
  scan: () => Promise.reject(new Error('broken on purpose')),
};
const hangs: Scanner = { layer: 'reputation', name: 'hangs', timeoutMs: 20, scan: () => new Promise(() => undefined) };
const finds = factScanner('urls', 'finds', () => [{ id: 'urls.ip-host', evidence: 'opens 192.0.2.1' }]);

describe('the pipeline', () => {
  it('reports every layer in its order, and says why one did not run', async () => {
    const { layers } = await runPipeline(message, offlineContext({}));
    assert.deepEqual(
      layers.map(({ layer }) => layer),
      LAYERS,
    );
    for (const { status, reason, score } of layers) {
      assert.equal(status === 'ran', reason === null);
      assert.equal(status === 'ran', score !== null);
    }
    assert.match(layers.find(({ layer }) => layer === 'reputation')?.reason ?? '', /no .*provider/);
    assert.match(layers.find(({ layer }) => layer === 'llm')?.reason ?? '', /no language model/);
  });

  it('survives a scanner that throws: its layer has failed, the message is not called safe, the others count', async () => {
    const verdict = await runPipeline(message, offlineContext({}), [...SCANNERS, throws, finds]);
    const urls = verdict.layers.find(({ layer }) => layer === 'urls');
    assert.equal(urls?.status, 'failed');
    assert.equal(urls.reason, 'throws: broken on purpose');
    assert.notEqual(verdict.label, 'safe');
    assert.ok(verdict.findings.some(({ id }) => id === 'urls.ip-host'));
  });

  const head =
    'From: Ann <ann@birch.example>\r\nTo: bo@corp.example\r\nSubject: lunch\r\nMessage-ID: <1@birch.example>\r\n';
  const mixed = `${head}Content-Type: multipart/mixed; boundary=b\r\n\r\n`;
  const part = (type: string, text: string): string => `--b\r\nContent-Type: ${type}\r\n\r\n${text}\r\n`;
  const levels = (count: number): string =>
    Array.from({ length: count }, (_, n) => `Content-Type: multipart/mixed; boundary=b${n}\r\n\r\n--b${n}\r\n`).join(
      '',
    );
  const inside = (count: number): string => `${head}Content-Type: message/rfc822\r\n\r\n`.repeat(count);
  const html = (page: string): string => `${head}Content-Type: text/html\r\n\r\n${page}`;
  const photos = Array.from({ length: 1100 }, (_, n) => ({ name: `holiday-${n}.jpg`, bytes: 'x' }));
  const archive = zip([...photos, { name: 'invoice.exe', bytes: 'MZ' }]).toString('base64');
  const unread: readonly (readonly [string, string, string])[] = [
    ['deep below other parts', 'content', `${head}${levels(150)}\r\nhello`],
    ['deep inside other messages', 'content', `${inside(8)}${head}\r\nhello`],
    ['after a thousand parts', 'content', mixed + part('text/plain', 'x').repeat(1100)],
    ['at the end of a very long page', 'content', html('<p>At noon?</p>'.repeat(400_000))],
    ['after two thousand links', 'urls', html('<a href="https://birch.example/">x</a>'.repeat(2100))],
    ['after five hundred files', 'attachments', mixed + part('image/gif', 'GIF89a').repeat(600)],
    [
      'after a thousand files in an archive',
      'attachments',
      mixed + part('application/zip\r\nContent-Transfer-Encoding: base64', archive),
    ],
  ];
  for (const [where, layer, raw] of unread) {
    it(`never calls a message safe that may hide something ${where}`, async () => {
      const verdict = await runPipeline(await readMessage(Buffer.from(raw)), offlineContext({}));
      assert.equal(verdict.label, 'incomplete');
      const report = verdict.layers.find((entry) => entry.layer === layer);
      assert.equal(report?.status, 'failed');
      assert.match(report.reason ?? '', /not (read|examined)$/);
    });
  }

  it('does not wait for a scanner beyond its time', async () => {
    const verdict = await runPipeline(message, offlineContext({}), [...SCANNERS, hangs]);
    const reputation = verdict.layers.find(({ layer }) => layer === 'reputation');
    assert.equal(reputation?.status, 'failed');
    assert.match(reputation.reason ?? '', /longer than 20 ms/);
  });

  it('fails its layers rather than the scan when it is stopped', async () => {
    const context = { ...offlineContext({}), signal: AbortSignal.abort(new Error('stopped')) };
    const verdict = await runPipeline(message, context);
    assert.equal(verdict.label, 'incomplete');
  });

  it('lets a scanner see what earlier layers found', async () => {
    const seen: string[] = [];
    const watcher = factScanner('attachments', 'watcher', (_, { earlier }) => {
      seen.push(...earlier.map(({ id }) => id));
      return [];
    });
    await runPipeline(message, offlineContext({}), [...SCANNERS, finds, watcher]);
    assert.ok(seen.includes('urls.ip-host'));
  });

  it('uses the first scan’s verification in a rescan without the raw message', async () => {
    const known = {
      source: 'verified',
      by: null,
      spf: { result: 'none', domain: null },
      dkim: [{ result: 'pass', domain: 'birch.example' }],
      dmarc: { result: 'pass', domain: 'birch.example', policy: 'reject' },
      arc: { result: 'none' },
      aligned: true,
    } as const;
    const { authentication } = await runPipeline(message, { ...offlineContext({}), knownAuthentication: known });
    assert.deepEqual(authentication, known);
  });
});
