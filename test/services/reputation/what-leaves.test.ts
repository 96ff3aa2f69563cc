import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expressionsOf } from '../../../src/intel/safe-browsing/expressions.js';
import { createLog } from '../../../src/log.js';
import type { MemberContext } from '../../../src/services/context.js';
import { openReputation } from '../../../src/services/reputation/open-reputation.js';
import type { ReputationSettings } from '../../../src/services/reputation/open-reputation.js';
import type { Reputation } from '../../../src/services/reputation/reputation.js';
import { createLookup } from '../../../src/services/scanning/lookup.js';
import { createScan } from '../../../src/services/scans/submission/create-scan.js';
import { rescan } from '../../../src/services/scans/rescan.js';
import { googleError, startSafeBrowsing } from '../../intel/fakes/safe-browsing.js';
import type { FakeSafeBrowsing } from '../../intel/fakes/safe-browsing.js';
import { startVirusTotal } from '../../intel/fakes/virustotal.js';
import type { FakeVirusTotal } from '../../intel/fakes/virustotal.js';
import { createTestParts } from '../parts.js';
import type { TestParts } from '../parts.js';

const FILE = 'the minutes, word for word';
const FILE_HASH = createHash('sha256').update(FILE).digest('hex');
const ENGINES = { harmless: 60, undetected: 20, suspicious: 0, timeout: 0 };

/** A message in which everything but its links and file is nobody else's business. */
function letter(links: readonly string[], file = FILE): Buffer {
  const anchors = links.map((link) => `<p><a href="${link}">this page</a></p>`).join('\r\n');
  return Buffer.from(
    [
      'Return-Path: <bounce-jo.park=corp.example@birch.example>',
      'From: Ann Birch <ann@birch.example>',
      'To: Jo Park <jo.park@corp.example>',
      'Subject: Confidential merger with Alder',
      'Date: Tue, 12 May 2026 09:14:01 +0000',
      'Message-ID: <m1@birch.example>',
      'MIME-Version: 1.0',
      'Content-Type: multipart/mixed; boundary=b1',
      '',
      '--b1',
      'Content-Type: text/html; charset=utf-8',
      '',
      `<p>Dear Jo, the codeword is albatross.</p>${anchors}`,
      '--b1',
      'Content-Type: application/octet-stream; name="plans.dat"',
      'Content-Disposition: attachment; filename="plans.dat"',
      '',
      file,
      '--b1--',
      '',
    ].join('\r\n'),
  );
}

describe('what leaves the machine when a message is scanned', () => {
  let test: TestParts;
  let safeBrowsing: FakeSafeBrowsing;
  let virusTotal: FakeVirusTotal;
  let folder: string;
  const open: Reputation[] = [];
  before(async () => {
    test = await createTestParts();
    safeBrowsing = await startSafeBrowsing('sb-key');
    virusTotal = await startVirusTotal('vt-key');
    folder = await mkdtemp(join(tmpdir(), 'postern-reputation-'));
  });
  afterEach(async () => {
    for (const reputation of open.splice(0)) await reputation.close();
    safeBrowsing.listed.clear();
    virusTotal.reports.clear();
    safeBrowsing.trouble = null;
    virusTotal.trouble = null;
    await test.database.admin`delete from postern.reputation_answers`;
  });
  after(async () => {
    await test.close();
    await safeBrowsing.close();
    await virusTotal.close();
    await rm(folder, { recursive: true, force: true });
  });

  const off: ReputationSettings = {
    ...{ safeBrowsingKey: null, safeBrowsingUrl: '', safeBrowsingPerMinute: 1000, safeBrowsingPerDay: 1000 },
    ...{ virusTotalKey: null, virusTotalUrl: '', virusTotalPerMinute: 1000, virusTotalPerDay: 1000 },
    feeds: [],
  };
  const both = (): ReputationSettings => ({
    ...off,
    ...{ safeBrowsingKey: 'sb-key', safeBrowsingUrl: safeBrowsing.url },
    ...{ virusTotalKey: 'vt-key', virusTotalUrl: virusTotal.url },
  });

  async function context(settings: ReputationSettings): Promise<MemberContext> {
    const ctx = await test.context('org_member');
    const parts = { store: ctx.parts.store, log: createLog('silent') };
    const reputation = await openReputation(settings, parts);
    if (reputation === null) return ctx;
    open.push(reputation);
    return { ...ctx, parts: { ...ctx.parts, lookup: createLookup({ reputation, resolver: null }) } };
  }
  async function scan(ctx: MemberContext, raw: Buffer) {
    const report = await createScan({ ctx, input: { raw, source: 'upload' } });
    const layer = report.layers.find((one) => one.layer === 'reputation');
    assert.ok(layer);
    return { id: report.id, report, layer, ids: report.findings.map((finding) => finding.id) };
  }
  const sent = () => [...safeBrowsing.seen, ...virusTotal.seen].length;

  it('nothing, until the operator gives a key or a feed', async () => {
    const before = sent();
    assert.equal(await openReputation(off, { store: test.parts.store, log: createLog('silent') }), null);
    const { layer } = await scan(await context(off), letter(['https://files.birch.example/a']));
    assert.deepEqual([layer.status, layer.reason], ['skipped', 'no reputation provider is configured']);
    assert.equal(sent(), before);
  });

  it('four bytes of hashes, links that name nobody, hashes of files, keys, and not one thing more', async () => {
    const ctx = await context(both());
    const [first, second] = [safeBrowsing.seen.length, virusTotal.seen.length];
    const tenant = ctx.identity.tenantId;
    await test.database.admin`update postern.tenants set profile = ${'{"domains":["corp.example"]}'}::text::jsonb
      where tenant_id = ${tenant}`;
    const links = [
      'https://files.birch.example/a?for=jo.park%40corp.example#jo.park',
      'https://shop.example/b?c=d',
      'https://intra.corp.example/merger-plan',
      'http://fileserver/merger-plan',
      'mailto:ceo@corp.example',
    ];
    const { layer } = await scan(ctx, letter(links));
    assert.deepEqual([layer.status, layer.reason], ['ran', null]);

    const prefixes = safeBrowsing.seen
      .slice(first)
      .flatMap(({ target }) => new URL(target, 'http://x').searchParams.getAll('hashPrefixes'));
    const expected = links
      .slice(0, 2)
      .flatMap(expressionsOf)
      .map((text) => createHash('sha256').update(text).digest().subarray(0, 4).toString('base64'));
    assert.deepEqual(prefixes.sort(), [...new Set(expected)].sort());

    const asked = virusTotal.seen.slice(second).map(({ target }) => decodedId(target));
    assert.deepEqual(asked.sort(), [
      `files/${FILE_HASH}`,
      'urls/https://files.birch.example/a',
      'urls/https://shop.example/b?c=d',
    ]);

    const everything = [...safeBrowsing.seen.slice(first), ...virusTotal.seen.slice(second)].map(
      ({ method, target, headers, body }) =>
        `${method} ${target} ${decodedId(target)} ${JSON.stringify(headers)} ${body}`,
    );
    for (const text of everything) {
      assert.match(text, /^GET /);
      assert.doesNotMatch(
        text,
        /jo\.?park|corp\.example|ann@|merger|albatross|alder|plans\.dat|minutes|fileserver|intra/i,
      );
    }
  });

  it('nothing about what a feed of the operator’s lists: that needs nobody else', async () => {
    const path = join(folder, 'blocked.txt');
    await writeFile(path, 'files.birch.example\n');
    const before = sent();
    const ctx = await context({ ...both(), feeds: [path] });
    const { ids, report, layer } = await scan(ctx, letter(['https://files.birch.example/a'], ''));
    assert.ok(ids.includes('reputation.link-listed'));
    assert.equal(layer.status, 'ran');
    assert.equal(report.label, 'phishing');
    assert.equal(sent(), before);
  });

  it('a link that turned bad after the first scan convicts the message when it is scanned again', async () => {
    const ctx = await context(both());
    const first = await scan(ctx, letter(['https://files.birch.example/a']));
    assert.equal(first.ids.filter((id) => id.startsWith('reputation.')).length, 0);
    safeBrowsing.listed.set('files.birch.example/', [{ type: 2 }]);
    virusTotal.reports.set('https://files.birch.example/a', { ...ENGINES, malicious: 12 });
    // An hour later, in another process.
    await test.database.admin`update postern.reputation_answers set expires_at = now()`;
    const again = await context(both());
    const report = await rescan({
      ctx: { ...ctx, parts: { ...ctx.parts, lookup: again.parts.lookup! } },
      input: { id: first.id },
    });
    assert.equal(report.label, 'phishing');
    const finding = report.findings.find(({ id }) => id === 'reputation.url-malicious');
    assert.equal(
      finding?.evidence,
      'a link to files.birch.example: Google Safe Browsing: lists it for phishing or deception; VirusTotal: 12 of 92 engines report it',
    );
    assert.deepEqual(finding.indicators, [{ kind: 'url', value: 'https://files.birch.example/a' }]);
  });

  it('a known bad file is malware, however harmless the message reads', async () => {
    virusTotal.reports.set(FILE_HASH, { ...ENGINES, malicious: 40 });
    const { report, ids } = await scan(await context(both()), letter([]));
    assert.ok(ids.includes('reputation.file-malicious'));
    assert.equal(report.label, 'malware');
  });

  it('praise lowers no score: a clean answer and an unknown one leave it as it was', async () => {
    const raw = letter(['https://files.birch.example/a']);
    const alone = await scan(await context(off), raw);
    const unknown = await scan(await context(both()), raw);
    virusTotal.reports.set('https://files.birch.example/a', { ...ENGINES, malicious: 0 });
    virusTotal.reports.set(FILE_HASH, { ...ENGINES, malicious: 0 });
    await test.database.admin`delete from postern.reputation_answers`;
    const clean = await scan(await context(both()), raw);
    assert.equal(unknown.report.score, alone.report.score);
    assert.equal(clean.report.score, alone.report.score);
  });

  it('a provider in trouble fails its layer, with the reason, and keeps what the other knows', async () => {
    safeBrowsing.listed.set('files.birch.example/', [{ type: 1 }]);
    virusTotal.trouble = { status: 500 };
    const raw = letter(['https://files.birch.example/a']);
    const { layer, ids } = await scan(await context(both()), raw);
    assert.equal(layer.status, 'failed');
    assert.match(layer.reason ?? '', /^VirusTotal: it answered with status 500 \(2 of \d not looked up\)$/);
    assert.ok(ids.includes('reputation.url-malicious'));
    safeBrowsing.listed.clear();
    await test.database.admin`delete from postern.reputation_answers`;
    virusTotal.trouble = null;
    safeBrowsing.trouble = googleError(503, 'UNAVAILABLE', '');
    const other = await scan(await context(both()), raw);
    assert.equal(other.layer.status, 'failed');
    // Not a required layer: what the others say stands.
    assert.notEqual(other.report.label, 'incomplete');
  });

  it('a feed that is not there is told, not passed over', async () => {
    const ctx = await context({ ...off, feeds: [join(folder, 'nowhere.txt')] });
    const { layer } = await scan(ctx, letter(['https://files.birch.example/a']));
    assert.equal(layer.status, 'failed');
    assert.match(layer.reason ?? '', /the feed nowhere\.txt cannot be read/);
  });
});

/** What VirusTotal is asked about, in the clear. */
function decodedId(target: string): string {
  const [, kind = '', id = ''] = /^\/api\/v3\/(urls|files)\/(.+)$/.exec(target) ?? [];
  return `${kind}/${kind === 'urls' ? Buffer.from(id, 'base64url').toString() : id}`;
}
