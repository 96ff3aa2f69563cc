import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { connect } from '../../src/store/connect.js';
import type { ReputationTable } from '../../src/store/tables/detection/reputation.js';
import { createTestDatabase } from '../helpers/database.js';
import type { TestDatabase } from '../helpers/database.js';

describe('what providers said, in the database', () => {
  let db: TestDatabase;
  before(async () => (db = await createTestDatabase()));

  const reputation = <T>(work: (table: ReputationTable) => Promise<T>): Promise<T> =>
    db.store.withSystem('reputation', (system) => work(system.reputation));
  const digest = (text: string) => createHash('sha256').update(text).digest();
  const hex = (text: string) => digest(text).toString('hex');

  it('is found by every process until it expires, and no longer', async () => {
    await reputation((table) =>
      table.remember(
        'a',
        [
          { digest: digest('one'), answer: { malicious: 3 } },
          { digest: digest('two'), answer: null },
        ],
        60_000,
      ),
    );
    const found = await reputation((table) => table.find('a', [digest('one'), digest('two'), digest('three')]));
    assert.deepEqual([...found.keys()].sort(), [hex('one'), hex('two')].sort());
    assert.deepEqual(found.get(hex('one'))?.answer, { malicious: 3 });
    assert.equal(found.get(hex('two'))?.answer, null);
    assert.ok((found.get(hex('one'))?.lastsMs ?? 0) <= 60_000);
    await db.admin`update postern.reputation_answers set expires_at = now() - interval '1 second' where digest = ${digest('one')}`;
    assert.deepEqual([...(await reputation((table) => table.find('a', [digest('one')])))], []);
  });

  it('belongs to the provider that said it', async () => {
    await reputation((table) => table.remember('b', [{ digest: digest('x'), answer: 1 }], 60_000));
    assert.equal((await reputation((table) => table.find('c', [digest('x')]))).size, 0);
  });

  it('is never kept longer than a day', async () => {
    await reputation((table) => table.remember('d', [{ digest: digest('x'), answer: 1 }], 30 * 86_400_000));
    const [row] = await db.admin`select max(expires_at) < now() + interval '24 hours 1 minute' as ok
      from postern.reputation_answers where provider = 'd'`;
    assert.equal(row?.['ok'], true);
  });

  it('survives processes that remember the same at once, in any order', async () => {
    const entries = Array.from({ length: 30 }, (_, i) => ({ digest: digest(`n${i}`), answer: i }));
    await Promise.all(
      [entries, entries.toReversed(), entries, entries.toReversed()].map((answers) =>
        reputation((table) => table.remember('e', answers, 60_000)),
      ),
    );
    assert.equal(
      (
        await reputation((table) =>
          table.find(
            'e',
            entries.map((entry) => entry.digest),
          ),
        )
      ).size,
      30,
    );
  });

  it('what has expired goes away by itself', async () => {
    await reputation((table) => table.remember('f', [{ digest: digest('old'), answer: 1 }], 60_000));
    await db.admin`update postern.reputation_answers set expires_at = now() - interval '1 day' where provider = 'f'`;
    await reputation((table) => table.remember('f', [{ digest: digest('new'), answer: 1 }], 60_000));
    const rows = await db.admin`select 1 from postern.reputation_answers where provider = 'f'`;
    assert.equal(rows.length, 1);
  });

  it('of twenty requests at once only those within the budget of a minute may go, whoever asks', async () => {
    const budget = { perMinute: 4, perDay: 500 };
    const waits = await Promise.all(Array.from({ length: 20 }, () => reputation((table) => table.spend('g', budget))));
    assert.equal(waits.filter((seconds) => seconds === 0).length, 4);
    for (const seconds of waits.filter((one) => one !== 0)) assert.ok(seconds >= 1 && seconds <= 70, String(seconds));
    // Nearly a minute later, on the other side of a full minute, they still count.
    await db.admin`update postern.provider_requests set starts_at = starts_at - interval '55 seconds'
      where provider = 'g' and slice = 'ten-seconds'`;
    assert.notEqual(await reputation((table) => table.spend('g', budget)), 0);
    await db.admin`update postern.provider_requests set starts_at = starts_at - interval '20 seconds'
      where provider = 'g' and slice = 'ten-seconds'`;
    assert.equal(await reputation((table) => table.spend('g', budget)), 0);
  });

  it('the budget of a day holds until midnight in UTC, and is the provider’s own', async () => {
    const budget = { perMinute: 100, perDay: 3 };
    const spend = (provider: string) => reputation((table) => table.spend(provider, budget));
    assert.deepEqual([await spend('h'), await spend('h'), await spend('h')], [0, 0, 0]);
    const wait = await spend('h');
    assert.ok(wait > 0 && wait <= 86_400, String(wait));
    assert.equal(await spend('i'), 0);
    await db.admin`update postern.provider_requests set starts_at = starts_at - interval '1 day' where provider = 'h'`;
    assert.equal(await spend('h'), 0);
  });

  it('the application reaches neither table itself, and the functions only for their purpose', async () => {
    const app = connect(db.appUrl, { max: 1, applicationName: 'attack' });
    try {
      for (const table of ['reputation_answers', 'provider_requests']) {
        await assert.rejects(app.unsafe(`select * from postern.${table}`), { code: '42501' });
        await assert.rejects(app.unsafe(`delete from postern.${table}`), { code: '42501' });
      }
      await assert.rejects(app.unsafe(`select postern.spend_provider_request('x', 1, 1)`), { code: '42501' });
    } finally {
      await app.end();
    }
    await assert.rejects(db.store.withSystem('health', ({ reputation: table }) => table.find('a', [digest('one')])));
  });
});
