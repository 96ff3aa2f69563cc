import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { connect } from '../../src/store/connect.js';
import { purposePin } from '../../src/store/session.js';
import type { Transaction } from '../../src/store/session.js';
import { createSessions, openSession } from '../../src/store/sessions.js';
import type { Session, Sessions, SessionsOptions } from '../../src/store/sessions.js';
import { inTransaction } from '../../src/store/transaction.js';
import { createTestDatabase } from '../helpers/database.js';
import type { TestDatabase } from '../helpers/database.js';
import { until } from '../helpers/until.js';

const LOST = { code: 'CONNECTION_CLOSED' };

describe('the sessions of the database', () => {
  let db: TestDatabase;
  let sessions: Sessions;
  let opened: Session[] = [];

  before(async () => {
    db = await createTestDatabase();
  });
  beforeEach(() => (opened = []));
  afterEach(() => sessions.end(0));

  function start(options: Partial<SessionsOptions> = {}): void {
    const open = async (): Promise<Session> => {
      const session = await openSession((onClose) =>
        connect(db.appUrl, { max: 1, applicationName: 'sessions', steady: true, onClose }),
      );
      opened.push(session);
      return session;
    };
    sessions = createSessions({ open, most: 2, ...options });
  }

  /** Keeps a session until it is told to end. */
  async function hold(): Promise<{ session: Session; pid: number; end: () => Promise<void> }> {
    let held: (value: { session: Session; pid: number }) => void = () => undefined;
    let release: () => void = () => undefined;
    const got = new Promise<{ session: Session; pid: number }>((resolve) => (held = resolve));
    const work = sessions.use(async (session) => {
      held({ session, pid: await pidOf(session) });
      await new Promise<void>((resolve) => (release = resolve));
    });
    work.catch(() => undefined);
    return { ...(await got), end: () => (release(), work) };
  }
  const pidOf = async (session: Session): Promise<number> => {
    const [row] = await session.unsafe<{ pid: number }[]>('select pg_backend_pid() as pid');
    return row?.pid ?? 0;
  };
  const terminate = (pid: number) => db.admin`select pg_terminate_backend(${pid}, 5000)`;
  const inOne = <T>(work: (tx: Transaction) => Promise<T>): Promise<T> =>
    sessions.use((session) => inTransaction(session, purposePin('platform'), work));
  const number = async (tx: Transaction): Promise<unknown> => (await tx.execute(sql`select 7 as n`))[0]?.['n'];

  it('are used again, the last given back first; another is opened only while they are busy, and beyond the most one waits', async () => {
    start();
    for (let turn = 0; turn < 3; turn++) await sessions.use(pidOf);
    assert.equal(opened.length, 1);
    const [first, second] = [await hold(), await hold()];
    const order: number[] = [];
    const waiting = [1, 2].map((n) => sessions.use((session) => Promise.resolve(order.push(n) > 0 ? session : null)));
    await second.end();
    assert.deepEqual(await Promise.all(waiting), [second.session, second.session]);
    assert.deepEqual(order, [1, 2]);
    await first.end();
    assert.equal(await sessions.use(pidOf), first.pid);
    assert.equal(opened.length, 2);
  });

  it('are free again after work that failed, in whichever way', async () => {
    start({ most: 1 });
    await assert.rejects(
      sessions.use(() => Promise.reject(new Error('mine'))),
      /mine/,
    );
    await assert.rejects(
      sessions.use(() => {
        throw new Error('at once');
      }),
      /at once/,
    );
    await assert.rejects(
      sessions.use((session) => session.unsafe('select 1 / 0').execute()),
      /division by zero/,
    );
    assert.ok((await sessions.use(pidOf)) > 0);
    assert.equal(opened.length, 1);
  });

  it('end at once when the connection is lost under work, which can do nothing more; the next has another and no trace of it', async () => {
    start({ most: 1 });
    let after: Promise<unknown> = Promise.resolve();
    const lost = inOne(async (tx) => {
      const sleeping = tx.execute(sql`select pg_sleep(60)`);
      // Of a session that has to describe a query first, the next ones wait inside the driver, which forgets them.
      const behind = tx.execute(sql`select ${'behind'}::text`);
      after = Promise.allSettled([sleeping, behind]).then(() => tx.execute(sql`select 'after'`));
      const [{ pid } = { pid: 0 }] = await db.admin<{ pid: number }[]>`select pid from pg_stat_activity
        where application_name = 'sessions' and datname = current_database() order by backend_start desc limit 1`;
      await terminate(pid);
      await after;
    });
    await assert.rejects(lost, (error: { code?: string }) => /^(57P01|CONNECTION_CLOSED)$/.test(error.code ?? ''));
    for (let turn = 0; turn < 3; turn++) assert.equal(await inOne(number), 7);
    assert.equal(opened.length, 2);
  });

  it('that are lost between two questions of a transaction refuse the second', async () => {
    start({ most: 1 });
    let second: Promise<unknown> | undefined;
    const lost = inOne(async (tx) => {
      const [row] = await tx.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`);
      await terminate(row?.pid ?? 0);
      // At once, before the driver has given the connection up.
      while (opened[0]?.isLost() !== true) await setImmediate();
      second = number(tx);
      await second;
    });
    await assert.rejects(lost, LOST);
    await until(() => second !== undefined);
    assert.ok(second !== undefined);
    await assert.rejects(second, (error: Error) => (error.cause as { code?: string }).code === LOST.code);
    assert.equal(await inOne(number), 7);
  });

  it('that are lost while nobody has them are not given to anybody', async () => {
    start({ most: 1 });
    await terminate(await sessions.use(pidOf));
    await until(() => opened[0]?.isLost() === true);
    assert.equal(await inOne(number), 7);
    assert.equal(opened.length, 2);
  });

  it('make room for those who wait when one is lost, or cannot be opened', async () => {
    let refusals = 1;
    const real = (): Promise<Session> =>
      openSession((onClose) => connect(db.appUrl, { max: 1, applicationName: 'sessions', steady: true, onClose }));
    start({
      most: 1,
      open: () =>
        refusals-- > 0 ? Promise.reject(Object.assign(new Error('away'), { code: 'ECONNREFUSED' })) : real(),
    });
    const [refused, served] = await Promise.allSettled([sessions.use(pidOf), sessions.use(pidOf)]);
    assert.equal(refused.status, 'rejected');
    assert.equal(served.status, 'fulfilled');
    const held = await hold();
    const waiting = sessions.use(pidOf);
    await terminate(held.pid);
    assert.notEqual(await waiting, held.pid);
    await held.end().catch(() => undefined);
  });

  it('say why a connection cannot be made', async () => {
    const url = new URL(db.appUrl);
    url.pathname = '/nowhere';
    start({
      open: () => openSession((onClose) => connect(url.href, { max: 1, applicationName: 'sessions', onClose })),
    });
    for (let turn = 0; turn < 3; turn++) await assert.rejects(sessions.use(pidOf), { code: '3D000' });
  });

  it('ask a server that does not let them in once, and leave no connection behind', async () => {
    let connections = 0;
    const server = createServer((socket) => {
      connections += 1;
      const refusal = 'SFATAL\0VFATAL\0C57P03\0Mthe database system is starting up\0\0';
      const length = Buffer.alloc(4);
      length.writeInt32BE(refusal.length + 4);
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end(Buffer.concat([Buffer.from('E'), length, Buffer.from(refusal)])));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const url = `postgresql://nobody@127.0.0.1:${port}/nothing`;
    start({
      open: () =>
        openSession((onClose) => connect(url, { max: 1, applicationName: 'sessions', steady: true, onClose })),
    });
    try {
      await assert.rejects(sessions.use(pidOf), { code: '57P03' });
      await sleep(300);
      assert.equal(connections, 1);
    } finally {
      server.close();
    }
  });

  it('are closed when nobody has taken them for long, and when they are old', async () => {
    start({ idleMs: 20 });
    const pid = await sessions.use(pidOf);
    const there = async (): Promise<boolean> =>
      (await db.admin`select from pg_stat_activity where pid = ${pid}`).length > 0;
    await until(async () => !(await there()));
    await sessions.end(0);
    start({ ageMs: 0 });
    const [first, second] = [await sessions.use(pidOf), await sessions.use(pidOf)];
    assert.notEqual(first, second);
  });

  it('let what is under way end before they are closed, but not for ever, and take nothing more', async () => {
    start();
    const held = await hold();
    const ending = sessions.end(10_000);
    await assert.rejects(sessions.use(pidOf), { code: 'database.unavailable' });
    await held.end();
    await ending;
    start({ most: 1 });
    const endless = sessions.use((session) => session.unsafe('select pg_sleep(60)').execute());
    const waiting = sessions.use(pidOf);
    await until(() => opened.length === 2);
    const outcomes = Promise.allSettled([endless, waiting]);
    await sessions.end(50);
    const [cut, refused] = await outcomes;
    assert.equal(cut.status, 'rejected');
    assert.ok(refused.status === 'rejected' && (refused.reason as { code?: string }).code === 'database.unavailable');
  });

  it('begin no work that was still waiting for one to open when they ended', async () => {
    let opening: () => void = () => undefined;
    const slow = new Promise<void>((resolve) => (opening = resolve));
    start({
      open: async () => {
        await slow;
        const session = await openSession((onClose) =>
          connect(db.appUrl, { max: 1, applicationName: 'sessions', onClose }),
        );
        opened.push(session);
        return session;
      },
    });
    const refused = assert.rejects(sessions.use(pidOf), { code: 'database.unavailable' });
    const ending = sessions.end(10_000);
    opening();
    await Promise.all([refused, ending]);
    assert.equal(opened[0]?.isLost(), true);
  });

  it('refuse a query that the driver could not write, and serve the next', async () => {
    start({ most: 1 });
    const broken = inOne(() =>
      Promise.resolve().then(() => opened[0]?.unsafe('select $1::text', [undefined as never])),
    );
    await assert.rejects(broken, TypeError);
    assert.equal(await inOne(number), 7);
  });

  it('survive work that throws before it asks anything, and a connection lost at once', async () => {
    const unheard: unknown[] = [];
    const hear = (reason: unknown): void => void unheard.push(reason);
    process.on('unhandledRejection', hear);
    try {
      start({ most: 1 });
      const pid = await sessions.use(pidOf);
      await db.admin.begin(async (holder) => {
        await holder`select pg_advisory_xact_lock(7)`;
        const lost = sessions.use((session) =>
          inTransaction(session, { query: 'select pg_advisory_xact_lock(7)', values: [] }, () => {
            throw new Error('at once');
          }),
        );
        lost.catch(() => undefined);
        await sleep(50);
        await terminate(pid);
        await assert.rejects(lost);
      });
      await sleep(50);
      assert.deepEqual(unheard, []);
      assert.equal(await inOne(number), 7);
    } finally {
      process.off('unhandledRejection', hear);
    }
  });

  it('keep nothing of a transaction that failed, whoever caught it, and of none what is asked too late', async () => {
    start({ most: 1 });
    await sessions.use(async (session) => {
      await session.unsafe('create temporary table kept (n int)');
      const kept = async (): Promise<number> => (await session.unsafe('select from kept')).length;
      const run = (work: (tx: Transaction) => Promise<unknown>) => inTransaction(session, purposePin('platform'), work);
      const insert = (tx: Transaction) => tx.execute(sql`insert into kept values (1)`);
      await assert.rejects(
        run(async (tx) => {
          await insert(tx);
          throw new Error('changed my mind');
        }),
        /changed my mind/,
      );
      await assert.rejects(
        run(async (tx) => {
          await insert(tx);
          await tx.execute(sql`select 1 / 0`).catch(() => undefined);
        }),
        /went on/,
      );
      assert.equal(await kept(), 0);
      let late: Transaction | undefined;
      await run(async (tx) => {
        late = tx;
        await insert(tx);
      });
      assert.equal(await kept(), 1);
      assert.ok(late !== undefined);
      await assert.rejects(insert(late), (error: Error) => /has ended/.test((error.cause as Error).message));
      await assert.rejects(inTransaction(session, { query: 'select 1 / 0', values: [] }, insert), /division by zero/);
      assert.equal(await kept(), 1);
      const pinned = await session.unsafe<{ purpose: string | null }[]>(
        `select current_setting('app.purpose', true) as purpose`,
      );
      assert.equal(pinned[0]?.purpose ?? '', '');
    });
  });
});
