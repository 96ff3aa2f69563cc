import assert from 'node:assert/strict';
import { mkdtemp, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { openFeeds } from '../../src/intel/feeds/feed-set.js';
import type { FeedSet } from '../../src/intel/feeds/feed-set.js';
import type { FeedEvent } from '../../src/intel/feeds/feed.js';
import { until } from '../helpers/until.js';

const HASH = 'ab'.repeat(32);

/** Of array buffers that something still refers to: what waits for the collector does not count. */
function bytesInUse(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().arrayBuffers;
}

describe('feed files', () => {
  let folder: string;
  let clock = 0;
  const events: FeedEvent[] = [];
  before(async () => (folder = await mkdtemp(join(tmpdir(), 'postern-feeds-'))));
  after(() => rm(folder, { recursive: true, force: true }));
  beforeEach(() => (events.length = 0));

  const tell = (event: FeedEvent): void => void events.push(event);
  const open = (...names: string[]) =>
    openFeeds(
      names.map((name) => join(folder, name)),
      tell,
      () => clock,
    );
  async function feed(text: string | Uint8Array, name = 'feed.txt'): Promise<FeedSet> {
    await writeFile(join(folder, name), text);
    return open(name);
  }
  const lists = (feeds: FeedSet, url: string): boolean => feeds.find({ kind: 'url', value: url }) !== null;
  function loaded() {
    const event = events.at(-1);
    assert.ok(event?.kind === 'loaded', JSON.stringify(event));
    return { entries: event.entries, unknownLines: event.unknownLines };
  }

  it('list one thing a line, of any kind, with comments', async () => {
    const feeds = await feed(
      `# a comment\r\n! another\n\nhttp://evil.example/login\nbad.example # why\n192.0.2.7\n2001:DB8::0:7\n${HASH.toUpperCase()}\n`,
    );
    assert.deepEqual(loaded(), { entries: 5, unknownLines: 0 });
    assert.ok(lists(feeds, 'https://evil.example/login'));
    assert.ok(feeds.find({ kind: 'domain', value: 'bad.example' }));
    assert.ok(feeds.find({ kind: 'ip', value: '192.0.2.7' }));
    assert.ok(lists(feeds, 'http://[2001:db8::7]/x'));
    assert.deepEqual(feeds.find({ kind: 'sha256', value: HASH }), {
      feed: 'feed.txt',
      listed: { kind: 'sha256', value: HASH },
    });
  });

  it('list a domain with everything below it, and nothing beside it', async () => {
    const feeds = await feed('bad.example\n');
    for (const url of ['http://bad.example/', 'https://a.b.bad.example:8443/c?d', 'https://BAD.example./x'])
      assert.ok(lists(feeds, url), url);
    for (const url of [
      'https://notbad.example/',
      'https://example/',
      'https://bad.example.org/',
      'https://a.example/bad.example',
    ])
      assert.ok(!lists(feeds, url), url);
    assert.deepEqual(feeds.find({ kind: 'url', value: 'https://x.bad.example/' })?.listed, {
      kind: 'domain',
      value: 'bad.example',
    });
  });

  it('list a page whatever personal token its link carries, but no other page of the site', async () => {
    const feeds = await feed('https://shared.example/a/login.php\nhttps://other.example/?id=7\n');
    assert.ok(lists(feeds, 'http://shared.example/a/login.php?for=jo#x'));
    assert.ok(!lists(feeds, 'https://shared.example/a/'));
    assert.ok(!lists(feeds, 'https://shared.example/'));
    assert.ok(lists(feeds, 'https://other.example/?id=7'));
    assert.ok(!lists(feeds, 'https://other.example/?id=8'));
  });

  it('are hosts files', async () => {
    const feeds = await feed(
      '127.0.0.1 localhost\n::1 ip6-localhost\n0.0.0.0 0.0.0.0\n0.0.0.0 evil.example www.evil.example # two\n127.0.0.1\tbad.example\n',
    );
    assert.deepEqual(loaded(), { entries: 3, unknownLines: 0 });
    assert.ok(lists(feeds, 'https://bad.example/'));
    assert.ok(!lists(feeds, 'http://127.0.0.1/'));
  });

  // The column order of urlhaus.abuse.ch/api, "Database dump (CSV)": the link to the report must not be taken for what is listed.
  it('are CSV, of which one column counts', async () => {
    const feeds = await feed(
      '# id,dateadded,url,url_status,threat,urlhaus_link\r\n' +
        '"1","2026-05-12 09:14:01","http://evil.example/a,b.exe","online","malware","https://urlhaus.example/url/1/"\r\n' +
        '"2","2026-05-12 09:14:02","broken","online","malware","https://urlhaus.example/url/2/"\r\n' +
        '"3","2026-05-12 09:14:03","http://evil.example/c.exe","online","malware","https://urlhaus.example/url/3/"\r\n',
      'dump.csv',
    );
    assert.deepEqual(loaded(), { entries: 2, unknownLines: 1 });
    assert.ok(lists(feeds, 'http://evil.example/a,b.exe'));
    assert.ok(!lists(feeds, 'https://urlhaus.example/url/2/'));
  });

  it('are CSV with a header row, semicolons or tabs', async () => {
    const rows = [
      ['domain', 'reason'],
      ['bad.example', 'phishing'],
    ];
    for (const separator of [',', ';', '\t', ' ; ']) {
      const feeds = await feed(rows.map((row) => row.join(separator)).join('\n'));
      assert.deepEqual(loaded(), { entries: 1, unknownLines: 0 }, JSON.stringify(separator));
      assert.ok(lists(feeds, 'https://bad.example/'));
    }
  });

  it('are filter lists and defanged lists', async () => {
    const feeds = await feed(
      '||one.example^\n*.two.example\n.three.example\nhxxps://four[.]example/x\nfive[.]example\nsix.example/page\n192.0.2.9:8080\n',
    );
    assert.deepEqual(loaded(), { entries: 7, unknownLines: 0 });
    for (const url of [
      'http://one.example/',
      'http://a.two.example/',
      'http://three.example/',
      'http://four.example/x',
      'http://five.example/',
      'http://six.example/page',
      'http://192.0.2.9/',
    ])
      assert.ok(lists(feeds, url), url);
  });

  it('never list everybody: a public suffix, a bare word and nonsense are counted as not understood', async () => {
    const feeds = await feed('com\nco.uk\n*.com\nevil\nhttp://\nhttp://x/\n<html>\n12\n1.2.3\nab12\n');
    assert.deepEqual(loaded(), { entries: 0, unknownLines: 10 });
    assert.ok(!lists(feeds, 'https://any.co.uk/'));
  });

  it('may be damaged anywhere: the other lines still count', async () => {
    const feeds = await feed(
      Buffer.concat([
        Buffer.from([0xef, 0xbb, 0xbf]),
        Buffer.from('first.example\n'),
        Buffer.from([0xff, 0xfe, 0, 10]),
        Buffer.alloc(100_000, 120),
        Buffer.from('\n"unclosed,\nlast.example'),
      ]),
    );
    assert.ok(lists(feeds, 'https://first.example/'));
    assert.ok(lists(feeds, 'https://last.example/'));
    assert.deepEqual(loaded(), { entries: 2, unknownLines: 3 });
  });

  it('are asked in their order', async () => {
    await writeFile(join(folder, 'one.txt'), 'bad.example\n');
    await writeFile(join(folder, 'two.txt'), 'bad.example\nworse.example\n');
    const feeds = await open('two.txt', 'one.txt');
    assert.equal(feeds.find({ kind: 'domain', value: 'bad.example' })?.feed, 'two.txt');
  });

  it('are read again when they change, without being watched, and keep what they had while they are gone', async () => {
    const path = join(folder, 'changing.txt');
    const feeds = await feed('old.example\n', 'changing.txt');
    await writeFile(`${path}.new`, 'new.example\n');
    await utimes(`${path}.new`, new Date(), new Date(Date.now() + 5000));
    await rename(`${path}.new`, path);
    assert.ok(!lists(feeds, 'https://new.example/'), 'looked at too early');
    clock += 16_000;
    await until(() => lists(feeds, 'https://new.example/'));
    assert.ok(!lists(feeds, 'https://old.example/'));
    await rm(path);
    clock += 16_000;
    lists(feeds, 'https://x.example/');
    await until(() => events.at(-1)?.kind === 'unreadable');
    assert.ok(lists(feeds, 'https://new.example/'));
    assert.deepEqual(feeds.missing, []);
  });

  it('may be missing at first, are told once, and are read when they appear', async () => {
    const feeds = await open('later.txt');
    assert.deepEqual(feeds.missing, ['later.txt']);
    assert.deepEqual(events, [{ kind: 'unreadable', name: 'later.txt', reason: 'ENOENT' }]);
    await writeFile(join(folder, 'later.txt'), 'bad.example\n');
    clock += 16_000;
    await until(() => lists(feeds, 'https://bad.example/'));
    assert.deepEqual(feeds.missing, []);
  });

  it('may have hundreds of thousands of lines, at eight bytes each, and hold up nobody', async function () {
    this.timeout(60_000);
    const count = 400_000;
    const path = join(folder, 'large.txt');
    await writeFile(path, Array.from({ length: count }, (_, i) => `host-${i}.example`).join('\n'));
    let turns = 0;
    const timer = setInterval(() => (turns += 1), 1);
    const before = bytesInUse();
    const feeds = await open('large.txt');
    clearInterval(timer);
    assert.equal(loaded().entries, count);
    // A thread of its own gives back what the collector found unused; on a busy machine that takes a moment.
    await until(() => bytesInUse() - before < count * 10);
    assert.ok(turns >= 20, `others had ${turns} turns`);
    for (const i of [0, 1, 199_999, count - 1]) assert.ok(lists(feeds, `https://host-${i}.example/`), String(i));
    assert.ok(!lists(feeds, `https://host-${count}.example/`));
  });
});
