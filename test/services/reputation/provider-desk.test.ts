import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { ProviderFault } from '../../../src/intel/provider.js';
import { NetFault } from '../../../src/net/net-fault.js';
import { createTestDatabase } from '../../helpers/database.js';
import type { TestDatabase } from '../../helpers/database.js';
import { openDesk, scriptedProvider } from './desks.js';

describe('where a provider is asked', () => {
  let db: TestDatabase;
  before(async () => (db = await createTestDatabase()));

  const verdictOf = (answer: object) => ('verdict' in answer ? answer.verdict : answer);
  const reasonOf = (answer: object) => ('unavailable' in answer ? String(answer.unavailable) : 'it answered');

  it('the same thing is asked once: by this process, and by all others while the answer holds', async () => {
    const provider = scriptedProvider();
    const [one, other] = [openDesk(db.store, provider), openDesk(db.store, provider)];
    await one.ask('a b');
    await one.ask('a b');
    await other.ask('a b');
    await other.ask('b');
    assert.deepEqual(provider.asked, [['a', 'b']]);
  });

  it('an answer is asked for again when it has run out', async () => {
    const provider = scriptedProvider();
    const { ask, clock } = openDesk(db.store, provider);
    await ask('a');
    clock.now += 61_000;
    await db.admin`update postern.reputation_answers set expires_at = now() where provider = ${provider.id}`;
    await ask('a');
    assert.equal(provider.asked.length, 2);
  });

  it('what is stored names nothing: only hashes, under the provider', async () => {
    const provider = scriptedProvider();
    await openDesk(db.store, provider).ask('https://private.example/jo.park@corp.example');
    const rows = await db.admin`select * from postern.reputation_answers where provider = ${provider.id}`;
    assert.equal(rows.length, 1);
    assert.equal((rows[0]?.['digest'] as Uint8Array).length, 32);
    assert.doesNotMatch(JSON.stringify(rows), /private|jo\.park|corp/);
  });

  it('fifty who ask at once share one request', async () => {
    const provider = scriptedProvider();
    provider.respond = () => sleep(50, 'malicious');
    const { ask } = openDesk(db.store, provider);
    const answers = await Promise.all(Array.from({ length: 50 }, () => ask('a')));
    assert.deepEqual([...new Set(answers.map(verdictOf))], ['malicious']);
    assert.equal(provider.asked.length, 1);
  });

  it('only what nobody knows yet is asked, and what is being asked is waited for', async () => {
    const provider = scriptedProvider();
    provider.respond = () => sleep(50, 'clean');
    const { ask } = openDesk(db.store, provider);
    await ask('a');
    await Promise.all([ask('a b c'), ask('b c d')]);
    assert.deepEqual(provider.asked, [['a'], ['b', 'c'], ['d']]);
  });

  it('the budget holds over all processes, and the reason names it', async () => {
    const provider = scriptedProvider();
    const budget = { perMinute: 4, perDay: 500 };
    const desks = [openDesk(db.store, provider, budget), openDesk(db.store, provider, budget)];
    const answers = await Promise.all(
      desks.flatMap(({ ask }, process) => Array.from({ length: 10 }, (_, i) => ask(`${process}-${i}`))),
    );
    assert.equal(provider.asked.length, 4);
    const refused = answers.map(reasonOf).filter((reason) => reason !== 'it answered');
    assert.equal(refused.length, 16);
    for (const reason of refused) assert.match(reason, /^Tester: the budget of 4 requests a minute and 500 a day/);
    // What is known costs nothing.
    const [first] = provider.asked[0]!;
    assert.equal(verdictOf(await desks[Number(first![0])]!.ask(first!)), 'clean');
  });

  it('a failure is never remembered, and says why', async () => {
    const provider = scriptedProvider();
    provider.respond = () => {
      throw new NetFault('timeout', 'no answer within 5 s');
    };
    const { ask } = openDesk(db.store, provider);
    assert.equal(reasonOf(await ask('a')), 'Tester: no answer within 5 s');
    provider.respond = () => 'malicious';
    assert.equal(verdictOf(await ask('a')), 'malicious');
  });

  it('after five failures in a row it is left alone, then tried with one request, longer each time', async () => {
    const provider = scriptedProvider();
    const fail = () => {
      throw new ProviderFault('failed', 'it answered with status 500');
    };
    provider.respond = fail;
    const { ask, clock } = openDesk(db.store, provider);
    for (let i = 0; i < 5; i++) await ask(`a${i}`);
    assert.match(reasonOf(await ask('b')), /left alone for a while: it answered with status 500/);
    assert.equal(provider.asked.length, 5);
    clock.now += 31_000;
    await Promise.all([ask('c'), ask('d'), ask('e')]);
    assert.equal(provider.asked.length, 6, 'more than one was sent to try');
    clock.now += 31_000;
    await ask('f');
    assert.equal(provider.asked.length, 6, 'the second pause is no longer than the first');
    clock.now += 30_000;
    provider.respond = () => 'clean';
    assert.equal(verdictOf(await ask('g')), 'clean');
    assert.equal(verdictOf(await ask('h')), 'clean');
    provider.respond = fail;
    for (let i = 0; i < 4; i++) await ask(`i${i}`);
    provider.respond = () => 'clean';
    assert.equal(verdictOf(await ask('j')), 'clean', 'failures before the recovery still count');
  });

  it('who asks for fewer requests is left alone at once, as long as they ask for', async () => {
    const provider = scriptedProvider();
    provider.respond = () => {
      throw new ProviderFault('busy', 'it asks for fewer requests', 120);
    };
    const { ask, clock } = openDesk(db.store, provider);
    await ask('a');
    provider.respond = () => 'clean';
    clock.now += 119_000;
    assert.match(reasonOf(await ask('b')), /fewer requests/);
    clock.now += 2000;
    assert.equal(verdictOf(await ask('b')), 'clean');
    assert.equal(provider.asked.length, 2);
  });

  it('a key that is refused is not tried again with every message', async () => {
    const provider = scriptedProvider();
    provider.respond = () => {
      throw new ProviderFault('refused', 'it refuses the key');
    };
    const { ask } = openDesk(db.store, provider);
    for (let i = 0; i < 5; i++) assert.match(reasonOf(await ask(`a${i}`)), /refuses the key/);
    assert.equal(provider.asked.length, 1);
  });

  it('no message can silence a provider with links that it cannot answer', async () => {
    const provider = scriptedProvider();
    const { ask } = openDesk(db.store, provider);
    const faults = [
      new ProviderFault('unanswerable', 'it cannot answer this'),
      new NetFault('too-large', 'the answer was too large'),
    ];
    provider.respond = () => {
      throw faults[provider.asked.length % 2]!;
    };
    for (let i = 0; i < 20; i++) await ask(`a${i}`);
    provider.respond = () => 'malicious';
    assert.equal(verdictOf(await ask('b')), 'malicious');
  });

  it('what is known already may convict, even where the rest cannot be asked; it never acquits', async () => {
    const provider = scriptedProvider();
    const { ask } = openDesk(db.store, provider);
    provider.respond = () => 'malicious';
    await ask('bad');
    provider.respond = () => 'clean';
    await ask('good');
    provider.respond = () => {
      throw new NetFault('connection', 'the connection failed');
    };
    assert.equal(verdictOf(await ask('bad other')), 'malicious');
    assert.match(reasonOf(await ask('good other')), /connection failed/);
  });

  it('a database that is away costs the shared part: no request goes out uncounted', async () => {
    const provider = scriptedProvider();
    const away = { ...db.store, withSystem: () => Promise.reject(new Error('gone')) };
    const { ask } = openDesk(away, provider);
    assert.match(reasonOf(await ask('a')), /budget cannot be read/);
    assert.equal(provider.asked.length, 0);
  });

  it('stopping is a reason, and postern’s own errors stay in the log', async () => {
    const provider = scriptedProvider();
    const { ask, stop } = openDesk(db.store, provider);
    provider.respond = () => {
      throw new TypeError('secret detail');
    };
    assert.equal(reasonOf(await ask('a')), 'Tester: an error in postern');
    stop.abort();
    assert.equal(reasonOf(await ask('b')), 'Tester: postern is stopping');
  });
});
