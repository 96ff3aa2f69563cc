import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { createLog } from '../../src/log.js';
import { connect } from '../../src/store/connect.js';
import { watchLiveness } from '../../src/store/worker-liveness.js';
import { keepSchedule } from '../../src/store/worker-schedule.js';
import { startWorker } from '../../src/store/worker.js';
import type { TenantId } from '../../src/store/store.js';
import { createTestDatabase } from '../helpers/database.js';
import type { TestDatabase } from '../helpers/database.js';
import { until } from '../helpers/until.js';

type Liveness = ReturnType<typeof watchLiveness>;

const log = createLog('silent');

describe('background jobs', () => {
  let db: TestDatabase;
  let tenant: TenantId;
  beforeEach(async () => {
    db = await createTestDatabase();
    tenant = await db.addTenant();
  });

  const enqueue = (payload: Record<string, unknown>, key?: string, where = tenant) =>
    db.store.withTenant(where, { kind: 'worker', job: 'test' }, (tenantDb) =>
      tenantDb.enqueue('note', payload, key === undefined ? {} : { key }),
    );

  it('carry the tenant that the transaction was pinned to, whatever their payload claims', async () => {
    const seen: unknown[] = [];
    const worker = await startWorker({
      ownerUrl: db.ownerUrl,
      log,
      tasks: [{ name: 'note', run: (payload) => Promise.resolve(seen.push(payload)).then() }],
    });
    try {
      await enqueue({ scan: 'x', tenant_id: 'somebody else' });
      await until(() => seen.length === 1);
      assert.deepEqual(seen, [{ scan: 'x', tenant_id: tenant }]);
    } finally {
      await worker.stop();
    }
  });

  it('with one key are one job, but never across tenants', async () => {
    const other = await db.addTenant();
    await enqueue({ n: 1 }, 'k');
    await enqueue({ n: 2 }, 'k');
    await enqueue({ n: 3 }, 'k', other);
    const jobs = await db.admin<
      { payload: { n: number } }[]
    >`select payload from graphile_worker._private_jobs order by id`;
    assert.deepEqual(
      jobs.map(({ payload }) => payload.n),
      [2, 3],
    );
  });

  it('are queued with their transaction or not at all', async () => {
    await assert.rejects(
      db.store.withTenant(tenant, { kind: 'worker', job: 'test' }, async (tenantDb) => {
        await tenantDb.enqueue('note', {});
        throw new Error('rolled back');
      }),
    );
    const [row] = await db.admin`select count(*)::int as n from graphile_worker._private_jobs`;
    assert.equal(row?.['n'], 0);
  });

  it('cannot be queued or read past the door, nor without a tenant', async () => {
    const app = connect(db.appUrl, { max: 1, applicationName: 'attack' });
    try {
      await assert.rejects(app`select postern.enqueue('note', '{}', null)`, { code: '42501' });
      await assert.rejects(app`select graphile_worker.add_job('note')`, { code: '42501' });
      await assert.rejects(app`select * from graphile_worker._private_jobs`, { code: '42501' });
    } finally {
      await app.end();
    }
  });

  it('that fail are tried again', async () => {
    let attempts = 0;
    const worker = await startWorker({
      ownerUrl: db.ownerUrl,
      log,
      tasks: [
        {
          name: 'note',
          run: () => ((attempts += 1) === 1 ? Promise.reject(new Error('not yet')) : Promise.resolve()),
        },
      ],
    });
    try {
      await enqueue({});
      await until(async () => {
        // The wait after a failure grows from seconds to hours: the test does not sit it out. Once only: a worker passes over a row
        // that is just being changed, and on a slow disk that would be nearly always.
        await db.admin`
          update graphile_worker._private_jobs set run_at = now() where locked_at is null and run_at > now()`;
        return attempts === 2;
      });
    } finally {
      await worker.stop();
    }
  });

  it('that are due at the start run when a worker starts', async () => {
    let runs = 0;
    const options = {
      ownerUrl: db.ownerUrl,
      log,
      tasks: [{ name: 'tidy', atStart: true, every: { minutes: 1440 }, run: () => Promise.resolve(void (runs += 1)) }],
    };
    const worker = await startWorker(options);
    try {
      await until(() => runs === 1);
    } finally {
      await worker.stop();
    }
  });

  it('a worker that cannot start leaves nothing open', async () => {
    const nowhere = new URL(db.ownerUrl);
    nowhere.pathname = '/no_such_database';
    await assert.rejects(startWorker({ ownerUrl: nowhere.href, log, tasks: [] }));
    const [row] = await db.admin`select count(*)::int as n from pg_stat_activity where datname = 'no_such_database'`;
    assert.equal(row?.['n'], 0);
  });

  it('a stopping worker finishes what it has begun', async () => {
    let finished = false;
    let begun = false;
    const worker = await startWorker({
      ownerUrl: db.ownerUrl,
      log,
      tasks: [
        {
          name: 'note',
          run: async () => {
            begun = true;
            await sleep(300);
            finished = true;
          },
        },
      ],
    });
    await enqueue({});
    await until(() => begun);
    await worker.stop();
    assert.equal(finished, true);
    const [row] = await db.admin`select count(*)::int as n from graphile_worker._private_jobs`;
    assert.equal(row?.['n'], 0);
  });

  it('of a dead worker are free again; those of a living one stay its own', async () => {
    await enqueue({}, 'dead');
    await enqueue({}, 'alive');
    await enqueue({}, 'fresh');
    const lock = (key: string, worker: string, age: string) => db.admin`update graphile_worker._private_jobs
      set locked_by = ${worker}, locked_at = now() - ${age}::interval where key like ${`%:${key}`}`;
    const sessions = [1, 2].map(() => connect(db.ownerUrl, { max: 1, applicationName: 'worker' }));
    const [living, watching] = sessions.map((sql) => watchLiveness(sql, log, 50)) as [Liveness, Liveness];
    try {
      living.claim('pool-living');
      await until(
        async () => (await db.admin`select 1 from pg_locks where locktype = 'advisory' and classid = 7067`).length > 0,
      );
      await lock('alive', 'pool-living', '1 hour');
      await lock('dead', 'pool-dead', '1 minute');
      await lock('fresh', 'pool-starting', '1 second');
      await until(
        async () => (await db.admin`select 1 from graphile_worker._private_jobs where locked_by is null`).length === 1,
      );
      const locked = await db.admin`select locked_by from graphile_worker._private_jobs order by 1`;
      assert.deepEqual(
        locked.map(({ locked_by: by }) => by as string | null),
        ['pool-living', 'pool-starting', null],
      );
    } finally {
      await living.stop();
      await watching.stop();
      for (const sql of sessions) await sql.end();
    }
  });

  describe('that are regular', () => {
    const tasks = [{ name: 'tidy', every: { minutes: 60, past: 20 } }];
    const turns = async () =>
      await db.admin<{ minute: number; seconds: number }[]>`select extract(minute from run_at)::int as minute,
        extract(epoch from run_at - now())::int as seconds from graphile_worker._private_jobs where key = 'every:tidy'`;
    async function look(): Promise<void> {
      const sql = connect(db.ownerUrl, { max: 1, applicationName: 'schedule' });
      await keepSchedule(sql, tasks, log).stop();
      await sql.end();
    }

    it('have their next turn in the queue, once, however many workers look', async () => {
      await Promise.all([look(), look(), look()]);
      const jobs = await db.admin`select 1 from graphile_worker.jobs where task_identifier = 'tidy'`;
      assert.equal(jobs.length, 1);
      const [turn] = await turns();
      assert.equal(turn?.minute, 20);
      assert.ok(turn.seconds > -5 && turn.seconds <= 3600);
    });

    it('get it back when a wrong clock has put it a day away, and keep one that is due', async () => {
      await look();
      await db.admin`update graphile_worker._private_jobs set run_at = now() + interval '1 day 3 minutes'`;
      await look();
      assert.deepEqual(
        (await turns()).map(({ minute, seconds }) => [minute, seconds <= 3600]),
        [[20, true]],
      );
      await db.admin`update graphile_worker._private_jobs set run_at = now() - interval '90 seconds'`;
      await look();
      assert.deepEqual(
        (await turns()).map(({ seconds }) => seconds <= -90),
        [true],
      );
    });

    it('begin anew when a turn was given up, as after many kills', async () => {
      await look();
      await db.admin`update graphile_worker._private_jobs set attempts = max_attempts, run_at = now() - interval '1 hour'`;
      await look();
      assert.deepEqual(
        (await turns()).map(({ seconds }) => seconds > 0),
        [true],
      );
    });

    it('are done when it comes, and queued again', async () => {
      let runs = 0;
      const run = () => Promise.resolve(void (runs += 1));
      await look();
      await db.admin`update graphile_worker._private_jobs set run_at = now() - interval '1 second'`;
      const worker = await startWorker({ ownerUrl: db.ownerUrl, log, tasks: [{ ...tasks[0]!, run }] });
      try {
        await until(() => runs === 1);
        await until(async () => {
          await look();
          return (await turns()).some(({ seconds }) => seconds > 0);
        });
      } finally {
        await worker.stop();
      }
    });
  });
});
