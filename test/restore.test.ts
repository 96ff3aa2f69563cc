import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Sql } from 'postgres';
import { openFolderKeyStore } from '../src/crypto/key-store.js';
import { createLog } from '../src/log.js';
import { openContent } from '../src/services/scans/content/sealed-content.js';
import { connect } from '../src/store/connect.js';
import { startEmbeddedPostgres } from '../src/store/embedded/start.js';
import { fileForm } from './api/server.js';
import { post, Run } from './helpers/program.js';
import { phish } from './services/parts.js';
import { until } from './helpers/until.js';

const ADMIN = { email: 'root@example.test', password: 'a fine long phrase' };
const ZOE = { email: 'zoe@example.test', password: 'a quiet lagoon at noon' };

/** With a real copy of the files of a real database, as an operator would put it back. */
describe('a database restored from before a deletion', function () {
  this.timeout(240_000);
  let dataDir: string;
  const runs: Run[] = [];
  const start = (): Run => {
    const run = new Run(dataDir, { POSTERN_ADMIN_EMAIL: ADMIN.email, POSTERN_ADMIN_PASSWORD: ADMIN.password });
    runs.push(run);
    return run;
  };
  before(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'postern-restore-'));
    await chmod(dataDir, 0o711);
  });
  after(async () => {
    for (const run of runs) await run.stop('SIGTERM');
    await rm(dataDir, { recursive: true, force: true });
  });

  const cluster = () => join(dataDir, 'postgres', 'cluster');
  const copy = (from: string, to: string) => execFileSync('cp', ['-a', from, to]);
  const login = (url: string, who: typeof ADMIN) => post(url, '/auth/login', who);
  const bearer = async (answer: Promise<Response>) => ({
    authorization: `Bearer ${((await (await answer).json()) as { access_token: string }).access_token}`,
  });
  const scan = async (url: string, headers: Record<string, string>) => {
    const answer = await fetch(`${url}/api/v1/scan/upload`, { method: 'POST', headers, body: fileForm(phish()) });
    return ((await answer.json()) as { id: string }).id;
  };
  /** Looks into the database while postern is not there. */
  const inside = async <T>(work: (sql: Sql) => Promise<T>): Promise<T> => {
    const postgres = await startEmbeddedPostgres({ dataDir, log: createLog('silent') });
    const database = new URL(postgres.administratorUrl);
    database.pathname = new URL(postgres.ownerUrl).pathname;
    const sql = connect(database.href, { max: 1, applicationName: 'restore test' });
    try {
      return await work(sql);
    } finally {
      await sql.end({ timeout: 1 });
      await postgres.stop();
    }
  };

  const scansLogged = async (): Promise<string> => {
    const folder = join(dataDir, 'tenant-keys');
    const names = (await readdir(folder)).filter((name) => name.startsWith('deletions-'));
    return (await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')))).join('');
  };

  it('forgets again what it brings back before it serves anybody, and what was sealed stays closed in the copy', async () => {
    const first = start();
    let url = await first.ready();
    const admin = await bearer(login(url, ADMIN));
    const invited = await post(url, '/organisation/invitations', { email: ZOE.email }, admin);
    const { link } = (await invited.json()) as { link: string };
    const token = new URL(link).hash.replace('#token=', '');
    const joined = await post(url, '/auth/invitation/join', {
      token,
      password: ZOE.password,
      display_name: 'Zoe Quay',
    });
    assert.equal(joined.status, 204, await joined.text());
    let zoe = await bearer(login(url, ZOE));
    const shared = await scan(url, zoe);
    const me = (await (await fetch(`${url}/api/v1/auth/me`, { headers: zoe })).json()) as {
      memberships: { tenant_id: string; role: string }[];
    };
    const personal = me.memberships.find(({ role }) => role === 'user')!.tenant_id;
    zoe = await bearer(post(url, '/auth/switch', { tenant_id: personal }, zoe));
    const own = await scan(url, zoe);
    const kept = await scan(url, admin);
    const gone = await scan(url, admin);
    await first.stop('SIGTERM');
    copy(cluster(), join(dataDir, 'copy'));

    const second = start();
    url = await second.ready();
    const asked = await post(url, '/privacy/deletion', { password: ZOE.password }, await bearer(login(url, ZOE)));
    assert.equal(asked.status, 200, await asked.text());
    const headers = await bearer(login(url, ADMIN));
    const deleted = await fetch(`${url}/api/v1/scan/${gone}`, { method: 'DELETE', headers });
    assert.equal(deleted.status, 204);
    await until(async () => (await scansLogged()).includes(` ${gone}\n`));
    await second.stop('SIGTERM');
    await inside((sql) => sql`update postern.users set deletion_due = now() where email = ${ZOE.email}`);
    const third = start();
    url = await third.ready();
    const log = join(dataDir, 'tenant-keys', 'deletions.log');
    let text = '';
    for (let waited = 0; waited < 20_000 && !text.includes(`key ${personal}`); waited += 100) {
      await sleep(100);
      text = await readFile(log, 'utf8').catch(() => '');
    }
    assert.match(text, new RegExp(` tenant ${personal}\n`));
    assert.match(text, / account [0-9a-f-]{36}\n/);
    assert.doesNotMatch(text, /zoe|quay/i, 'ids only');
    assert.equal((await login(url, ZOE)).status, 401);
    await third.stop('SIGTERM');

    await rm(cluster(), { recursive: true });
    copy(join(dataDir, 'copy'), cluster());
    const keys = openFolderKeyStore(join(dataDir, 'tenant-keys'));
    await inside(async (sql) => {
      assert.equal((await sql`select 1 from postern.users where email = ${ZOE.email}`).length, 1, 'the copy has her');
      const [row] = await sql<
        { sealed: Uint8Array }[]
      >`select sealed from postern.message_contents where scan_id = ${own}`;
      await assert.rejects(openContent(keys, personal, own, row!.sealed), { code: 'scan.content-gone' });
    });

    const fourth = start();
    url = await fourth.ready();
    const told = fourth.output.indexOf('older than the log of deletions');
    assert.ok(told !== -1 && told < fourth.output.indexOf('postern is ready'), fourth.output);
    assert.equal((await login(url, ZOE)).status, 401);
    const again = await bearer(login(url, ADMIN));
    const get = async (path: string) => await fetch(`${url}/api/v1${path}`, { headers: again });
    assert.equal((await get(`/scan/${shared}`)).status, 404);
    assert.equal((await get(`/scan/${gone}`)).status, 404, 'a single scan that was deleted');
    assert.equal((await get(`/scan/${kept}/message`)).status, 200, 'what nobody deleted is there');
    const people = (await (await get('/organisation/members')).json()) as { members: { email: string }[] };
    assert.deepEqual(
      people.members.map(({ email }) => email),
      [ADMIN.email],
    );
    await fourth.stop('SIGTERM');
    await inside(async (sql) => {
      const left = await sql`select 1 from postern.users where email = ${ZOE.email}
        union all select 1 from postern.memberships where tenant_id = ${personal}
        union all select 1 from postern.scans where scan_id in (${own}, ${shared}, ${gone})
        union all select 1 from postern.message_contents where scan_id = ${gone}`;
      assert.equal(left.length, 0);
      const told = await sql<
        { details: object }[]
      >`select details from postern.system_events where action = 'erasure.re-applied' order by event_id`;
      assert.deepEqual(
        told.map(({ details }) => details),
        [{ accounts: 1, tenants: 1 }, { scans: 1 }],
      );
    });

    const fifth = start();
    await fifth.ready();
    assert.doesNotMatch(fifth.output, /older than the log of deletions/, 'once');
    await fifth.stop('SIGTERM');
  });
});
