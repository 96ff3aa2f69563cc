import { unpack } from '../../../src/crypto/packing.js';
import { strict as assert } from 'node:assert';
import { setTimeout as sleep } from 'node:timers/promises';
import { createScanPool } from '../../../src/services/scanning/pool.js';
import type { ScanPool, ScanPoolOptions, ScanRequest, ScanResult } from '../../../src/services/scanning/pool.js';
import { bareMessage } from './bare-message.js';

const NOBODY = {
  tenant: { domains: [], people: [], trustedAuthservIds: [], allow: [], block: [], weights: {} },
  sender: { messages: null, firstSeen: null },
};
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('scan pool', () => {
  let pool: ScanPool;
  const faults: string[] = [];
  /** What the pool takes for the time: it stands still unless a test moves it, however busy the machine is. */
  const time = { now: 0 };

  function open(options: ScanPoolOptions = {}): void {
    pool = createScanPool({
      threads: 2,
      limits: { cpuMs: 300, workMs: 20_000, heapMb: 64 },
      now: () => time.now,
      onFault: ({ reason }) => faults.push(reason),
      entry: new URL('./hostile-worker.js', import.meta.url),
      ...options,
    });
  }
  const scan = (text: string, more: Partial<ScanRequest> = {}): Promise<ScanResult> =>
    pool.scan({ ...NOBODY, raw: bytes(text), ...more });
  const reasons = (result: ScanResult): (string | null)[] => [...new Set(result.report.layers.map((l) => l.reason))];

  beforeEach(() => {
    faults.length = 0;
  });
  afterEach(() => pool.close(0));

  it('hands back message, verdict and report, and leaves the bytes of the caller alone', async () => {
    open();
    const raw = bytes('hello');
    const result = await pool.scan({ ...NOBODY, raw });
    assert.equal(result.message.text, 'hello');
    assert.equal(result.report.sha256, result.message.sha256);
    assert.equal(result.report.layers.length, 6);
    assert.deepEqual(JSON.parse(new TextDecoder().decode(unpack(result.packedMessage!))), result.message);
    assert.deepEqual(raw, bytes('hello'));
  });

  it('each message is judged with the profile of its own tenant, whoever’s came before', async () => {
    const mail = bytes('From: Ann <ann@shop.example>\r\nTo: bob@corp.example\r\nSubject: Hi\r\n\r\nHello Bob.\r\n');
    const strict = { ...NOBODY.tenant, block: ['shop.example'] };
    const lax = { ...NOBODY.tenant };
    open({ threads: 1, entry: new URL('../../../src/services/scanning/worker.js', import.meta.url) });
    const tenants = [strict, strict, lax, strict, lax, lax, { ...strict }, { ...lax }];
    const results = await Promise.all(tenants.map((tenant) => pool.scan({ ...NOBODY, raw: mail, tenant })));
    assert.deepEqual(
      results.map(({ report }) => report.findings.some(({ id }) => id === 'headers.sender-blocked')),
      tenants.map(({ block }) => block.length > 0),
    );
  });

  const deaths = [
    { order: 'spin', because: /computed for more than 0\.3 s/ },
    { order: 'hang', hours: true, because: /made no end within 20 s/ },
    { order: 'fill', because: /needed more than 64 MB of memory/ },
    { order: 'exit', because: /ended its thread/ },
    { order: 'crash', because: /crashed its thread/ },
  ];
  for (const { order, because, hours = false } of deaths) {
    it(`a message that makes its thread ${order} is incomplete, with the reason in every layer`, async () => {
      // A second passes with each look at the clock.
      open(hours ? { now: () => (time.now += 1000) } : {});
      const raw = bytes(`${order}\nFrom: Eve <eve@example.org>\nSubject: no end\n\nbody`);
      const { report, message } = await pool.scan({ ...NOBODY, raw });
      assert.equal(report.label, 'incomplete');
      assert.equal(report.confidence, 0);
      for (const layer of report.layers) assert.match(layer.reason ?? '', because);
      assert.equal(message.sha256, bareMessage(raw).sha256);
      assert.equal(message.subject, 'no end');
      assert.equal(faults.length, 1);
      assert.equal((await scan('and on it goes')).report.label, 'safe');
    });
  }

  it('200 messages beside five that kill their threads come through unharmed', async () => {
    open();
    const orders = ['spin', 'fill', 'exit', 'crash', 'spin'];
    const texts = Array.from({ length: 200 }, (_, n) => (n % 40 === 13 ? orders[(n - 13) / 40]! : `message ${n}`));
    const results = await Promise.all(texts.map((text) => scan(text)));
    results.forEach((result, n) => {
      const killed = n % 40 === 13;
      assert.equal(result.report.label, killed ? 'incomplete' : 'safe', texts[n]);
      assert.equal(result.message.sha256, bareMessage(bytes(texts[n]!)).sha256);
    });
    assert.equal(faults.length, 5);
  });

  it('messages that wait in a thread for a lookup survive when another kills it', async () => {
    open({ threads: 1 });
    const lookup = {
      dns: async (name: string) => ({ answer: [await sleep(500, name)] }),
      reputation: () => Promise.resolve({ unavailable: 'off' }),
      llm: () => Promise.resolve({ unavailable: 'off' }),
    };
    const waiting = ['a.example', 'b.example', 'c.example'].map((name) => scan(`ask ${name}`, { lookup }));
    await sleep(250);
    const culprit = scan('spin', { lookup });
    const results = await Promise.all(waiting);
    assert.deepEqual(
      results.map((result) => result.report.layers[1]?.reason),
      ['a.example', 'b.example', 'c.example'].map((name) => JSON.stringify({ answer: [name] })),
    );
    assert.equal((await culprit).report.label, 'incomplete');
  });

  const endless = { cpuMs: 600_000, workMs: 600_000, heapMb: 64 };

  /** Starts a message that keeps its thread busy, and waits until the thread has begun with it. */
  async function occupy(text: string, more: Partial<ScanRequest> = {}): Promise<{ readonly end: Promise<ScanResult> }> {
    let begun: () => void = () => undefined;
    const started = new Promise<void>((resolve) => (begun = resolve));
    // The first layer is told of before the one that obeys.
    const end = scan(text, { ...more, onLayer: () => begun() });
    end.catch(() => undefined);
    await started;
    return { end };
  }
  /** The threads are there. */
  const warm = (): Promise<unknown> => Promise.all([scan('hello'), scan('hello')]);

  it('leaves a thread idle while the others suffice with one message at hand each, until more wait or one has waited too long', async () => {
    open({ busy: 1, limits: endless });
    await warm();
    await occupy('spin');
    const settled: string[] = [];
    const hello = (name: string) => scan('hello').then(() => settled.push(name));
    const first = hello('first');
    // Three of the pool's looks at its clock, which stands still.
    await sleep(300);
    assert.deepEqual(settled, []);
    assert.deepEqual(pool.load, { queued: 0, running: 2 });
    await hello('second');
    await sleep(150);
    assert.deepEqual(settled, ['second']);
    time.now += 100;
    await first;
    assert.deepEqual(pool.load, { queued: 0, running: 1 });
    // What was taken back still lies with the thread that is stuck: it gets nothing more beside it, and nobody waits.
    await hello('third');
  });

  it('what is at hand goes to another thread as soon as that has nothing to do, and in its thread nobody begins with it', async () => {
    open({ limits: endless });
    await warm();
    const begun: string[] = [];
    const watched = (text: string) =>
      scan(text, {
        onLayer: ({ layer }) => {
          if (layer === 'content') begun.push(text);
        },
      });
    const long = watched('compute 1500');
    const short = watched('compute 300');
    const next = watched('hello');
    await next;
    assert.deepEqual(begun, ['compute 300', 'hello']);
    await Promise.all([long, short]);
    await Promise.all([watched('again'), watched('more')]);
    assert.deepEqual(begun.toSorted(), ['again', 'compute 1500', 'compute 300', 'hello', 'more']);
  });

  it('what waits too long in the hand of a slow thread goes before what came later, however busy the others are', async () => {
    open({ busy: 1, limits: endless });
    await warm();
    await occupy('spin');
    const late = scan('hello');
    let more = true;
    const stream = async (): Promise<void> => {
      while (more) await scan('compute 5');
    };
    const streams = [stream(), stream(), stream()];
    await sleep(50);
    time.now += 100;
    await late;
    more = false;
    await Promise.all(streams);
  });

  it('waiting for lookups counts neither as computing nor as work, and keeps no other message waiting', async () => {
    open({ threads: 1 });
    let onTheirWay = 0;
    let most = 0;
    let answerAll: () => void = () => undefined;
    const answered = new Promise<void>((resolve) => (answerAll = resolve));
    const lookup = {
      dns: async (name: string) => {
        onTheirWay += 1;
        most = Math.max(most, onTheirWay);
        await answered;
        onTheirWay -= 1;
        return { answer: [name] };
      },
      reputation: () => Promise.resolve({ unavailable: 'off' }),
      llm: () => Promise.resolve({ unavailable: 'off' }),
    };
    const scans = Array.from({ length: 8 }, () => scan('ask slow.example', { lookup }));
    while (onTheirWay < 8) await sleep(10);
    // Half a minute, a second with each of its looks: more than a message may work.
    for (let looks = 0; looks < 30; looks += 1) {
      time.now += 1000;
      await sleep(100);
    }
    answerAll();
    const results = await Promise.all(scans);
    assert.equal(most, 8);
    for (const result of results) assert.match(result.report.layers[1]?.reason ?? '', /slow\.example/);
  });

  it('a lookup that throws is unavailable, and without any lookup the layers are told "offline"', async () => {
    open();
    const fail = (): never => {
      throw new Error('no resolver');
    };
    const failed = await scan('ask x.example', { lookup: { dns: fail, reputation: fail, llm: fail } });
    assert.match(failed.report.layers[1]?.reason ?? '', /no resolver/);
    assert.match((await scan('ask x.example')).report.layers[1]?.reason ?? '', /offline/);
  });

  it('tells of each layer as it finishes', async () => {
    open();
    const seen: string[] = [];
    const result = await scan('hello', { onLayer: (report) => seen.push(report.layer) });
    assert.deepEqual(
      seen,
      result.report.layers.map((layer) => layer.layer),
    );
  });

  it('what is no message is refused with its code and details', async () => {
    open();
    await assert.rejects(scan(''), { name: 'PosternError', code: 'message.empty', details: { size: 0 } });
  });

  it('a fault in postern makes the message incomplete and tells the operator what, not the user', async () => {
    open();
    const result = await scan('break');
    assert.equal(result.report.label, 'incomplete');
    assert.deepEqual(reasons(result), ['an error in postern stopped the scan']);
    assert.match(faults[0] ?? '', /TypeError: a fault of postern/);
  });

  it('refuses with scan.queue-full beyond its bounds, by number and by bytes', async () => {
    open({ threads: 1, queue: { messages: 3, bytes: 1000 } });
    await scan('hello');
    const first = Array.from({ length: 5 }, () => scan('spin'));
    await assert.rejects(scan('one too many'), { code: 'scan.queue-full', status: 503 });
    assert.deepEqual(pool.load, { queued: 3, running: 2 });
    await Promise.all(first);
    const [running, atHand, small] = [scan('spin'), scan('at hand'), scan('small')];
    await assert.rejects(scan('x'.repeat(999)), { code: 'scan.queue-full' });
    await Promise.all([running, atHand, small]);
  });

  it('an aborted scan rejects at once, waiting, at hand or running, and gives its place to the next', async () => {
    open({ threads: 1, limits: endless });
    const abort = new AbortController();
    const { signal } = abort;
    const { end } = await occupy('spin', { signal });
    const stopped = [end, scan('next', { signal }), scan('later', { signal })];
    const rejected = stopped.map((promise) => assert.rejects(promise, { name: 'AbortError' }));
    abort.abort();
    await Promise.all(rejected);
    await assert.rejects(scan('again', { signal }), { name: 'AbortError' });
    assert.deepEqual(pool.load, { queued: 0, running: 1 });
    assert.deepEqual(faults, []);
  });

  it('judges a stored message again with what was known about its sender', async () => {
    open();
    const { message, report: former } = await scan('ask first.example');
    const authentication = {
      ...former.authentication,
      source: 'verified' as const,
      spf: { result: 'pass' as const, domain: 'first.example' },
    };
    const again = await pool.rescan({ ...NOBODY, message, authentication });
    assert.equal(again.message, message);
    assert.equal(again.packedMessage, null);
    assert.deepEqual(again.report.authentication, authentication);
  });

  it('threads are renewed without losing a message', async () => {
    open({ renewAfter: 5 });
    const results = await Promise.all(Array.from({ length: 60 }, (_, n) => scan(`message ${n}`)));
    assert.deepEqual(
      results.map((result) => result.message.text),
      results.map((_, n) => `message ${n}`),
    );
  });

  it('threads that cannot start fail their messages instead of trying for ever', async () => {
    open({ entry: new URL('./no-such-worker.js', import.meta.url) });
    const refused = Array.from({ length: 50 }, () => assert.rejects(scan('hello'), { code: 'internal' }));
    await Promise.all(refused);
    await assert.rejects(scan('hello'), { code: 'internal' });
    assert.deepEqual(pool.load, { queued: 0, running: 0 });
  });

  it('closing lets running scans finish and refuses new ones', async () => {
    open();
    const last = Array.from({ length: 20 }, (_, n) => scan(`message ${n}`));
    const closed = pool.close();
    await assert.rejects(scan('too late'), { code: 'scan.queue-full' });
    await closed;
    assert.equal((await Promise.all(last)).length, 20);
  });
});
