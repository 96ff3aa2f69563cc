import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { chmod, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileForm } from './api/server.js';
import { startNameServer } from './helpers/name-server.js';
import { post, Run } from './helpers/program.js';
import { RECEIVED } from './scanners/headers/message-of.js';
import { signed } from './scanners/headers/signed-message.js';
import { phish } from './services/parts.js';

/** What a postern that does not start says, and nothing but that: no stack, no log line. */
async function refusal(run: Run): Promise<string> {
  // Not 'exit': its last words may still be on their way then.
  await once(run.child, 'close');
  assert.equal(run.child.exitCode, 1, run.output);
  assert.doesNotMatch(run.output, /"level"|\.js:/);
  return run.output;
}

describe('postern as a program', function () {
  this.timeout(120_000);
  const CREDENTIALS = { email: 'root@example.test', password: 'a fine long phrase' };
  let dataDir: string;
  const runs: Run[] = [];
  const start = (env = {}) => {
    const run = new Run(dataDir, env);
    runs.push(run);
    return run;
  };
  before(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'postern-main-'));
    await chmod(dataDir, 0o711);
  });
  after(async () => {
    for (const run of runs) await run.stop('SIGTERM');
    await rm(dataDir, { recursive: true, force: true });
  });

  const signIn = async (url: string) => {
    const answer = await post(url, '/auth/login', CREDENTIALS);
    assert.equal(answer.status, 200);
    return { authorization: `Bearer ${((await answer.json()) as { access_token: string }).access_token}` };
  };
  const postgresPid = async () => {
    const places = await readdir(dataDir, { recursive: true });
    const file = places.find((name) => name.endsWith('postmaster.pid'));
    return file === undefined ? null : Number(readFileSync(join(dataDir, file), 'utf8').split('\n', 1)[0]);
  };
  const alive = (pid: number) => {
    try {
      process.kill(pid, 0);
      return true;
    } catch {
      return false;
    }
  };

  it('starts from nothing, is set up by its link, scans, and stops with everything it started', async () => {
    const run = start();
    const url = await run.ready();
    const setup = { token: await run.setupToken(), ...CREDENTIALS, organisation: 'Example' };
    assert.equal((await post(url, '/setup', setup)).status, 204);
    const headers = await signIn(url);
    const scanned = await fetch(`${url}/api/v1/scan/upload`, { method: 'POST', headers, body: fileForm(phish()) });
    assert.equal(scanned.status, 200);
    const pid = await postgresPid();
    assert.ok(pid !== null && alive(pid));
    assert.equal(await run.stop('SIGINT'), 0, run.output);
    assert.equal(alive(pid), false);
    assert.doesNotMatch(run.output, /"level":"(warn|error|fatal)"/);
    assert.doesNotMatch(run.output, /fine long phrase/);
  });

  it('keeps keys where only its user can read them', async () => {
    for (const name of [
      'master-key',
      ...(await readdir(join(dataDir, 'tenant-keys'))).map((key) => join('tenant-keys', key)),
    ]) {
      assert.equal((await stat(join(dataDir, name))).mode & 0o077, 0, name);
    }
  });

  it('has everything again after kill -9 of itself and of PostgreSQL, and offers no second set-up', async () => {
    const killed = start();
    const url = await killed.ready();
    const headers = await signIn(url);
    const answer = await fetch(`${url}/api/v1/scan/upload`, { method: 'POST', headers, body: fileForm(phish('Kept')) });
    const { id } = (await answer.json()) as { id: string };
    await killed.stop('SIGKILL');
    const pid = await postgresPid();
    if (pid !== null && alive(pid)) process.kill(pid, 'SIGKILL');

    const again = start();
    const url2 = await again.ready();
    const headers2 = await signIn(url2);
    const found = await fetch(`${url2}/api/v1/scan/${id}/message`, { headers: headers2 });
    assert.equal(found.status, 200);
    assert.equal(((await found.json()) as { subject: string }).subject, 'Kept');
    assert.doesNotMatch(again.output, /\/setup#/);

    const survivor = await postgresPid();
    if (survivor !== null) process.kill(survivor, 'SIGKILL');
    let status = 0;
    for (let waited = 0; waited < 20_000 && status !== 200; waited += 200) {
      await sleep(200);
      status = (await fetch(`${url2}/readyz`)).status;
    }
    assert.equal(status, 200, 'the running postern starts its PostgreSQL again');
    assert.equal((await fetch(`${url2}/api/v1/scan/${id}`, { headers: headers2 })).status, 200);
    assert.equal(await again.stop('SIGTERM'), 0, again.output);
  });

  it('stops its PostgreSQL too when the terminal is closed', async () => {
    const run = start();
    await run.ready();
    const pid = await postgresPid();
    assert.equal(await run.stop('SIGHUP'), 0, run.output);
    assert.ok(pid !== null && !alive(pid));
  });

  it('lets a request finish before it stops, and takes no new one', async () => {
    const run = start();
    const url = await run.ready();
    const headers = await signIn(url);
    const scans = Array.from({ length: 20 }, () =>
      fetch(`${url}/api/v1/scan/upload`, { method: 'POST', headers, body: fileForm(phish()) }),
    );
    await scans[0];
    const stopped = run.stop('SIGTERM');
    const answers = await Promise.allSettled(scans);
    assert.equal(await stopped, 0, run.output);
    for (const answer of answers) {
      // What had not been accepted yet may be refused, but nothing that was begun is cut off.
      if (answer.status === 'fulfilled') assert.ok([200, 503].includes(answer.value.status));
    }
    await assert.rejects(fetch(`${url}/healthz`));
  });

  it('opens a door for mail servers where it is told to, and asks name servers about senders', async () => {
    const names = await startNameServer({
      records: [{ name: 'paypa1-account.example', type: 'TXT', data: ['v=spf1 ip4:192.0.2.10 -all'] }],
    });
    try {
      const run = start({
        POSTERN_CHECKV2_PORT: '0',
        POSTERN_CHECKV2_EXIM_PORT: '0',
        POSTERN_DNS: names.address,
      });
      const url = await run.ready();
      const headers = await signIn(url);
      const made = await post(
        url,
        '/api-keys',
        { name: 'mx', scopes: ['scan:write'], password: CREDENTIALS.password },
        headers,
      );
      const { secret } = (await made.json()) as { secret: string };
      const door = /mail servers can ask at (http:\/\/127\.0\.0\.1:\d+\/checkv2)/.exec(run.output)?.[1] ?? '';
      const envelope = { ip: '192.0.2.10', helo: 'mx.example', from: 'security@paypa1-account.example' };
      const answer = await fetch(door, { method: 'POST', headers: { password: secret, ...envelope }, body: phish() });
      const reply = (await answer.json()) as { action: string; symbols: Record<string, unknown> };
      assert.equal(answer.status, 200);
      assert.ok(names.questions.includes('TXT paypa1-account.example udp'));
      assert.ok('POSTERN_HEADERS_FIRST_TIME_SENDER' in reply.symbols);
      assert.equal(await run.stop('SIGTERM'), 0, run.output);
      assert.match(run.output, /Exim can ask at 127\.0\.0\.1 \d+/);
      assert.ok(!run.output.includes(secret));
    } finally {
      await names.close();
    }
  });

  it('creates the first administrator unattended', async () => {
    const fresh = await mkdtemp(join(tmpdir(), 'postern-main-'));
    await chmod(fresh, 0o711);
    const env = { POSTERN_ADMIN_EMAIL: CREDENTIALS.email, POSTERN_ADMIN_PASSWORD: CREDENTIALS.password };
    const run = new Run(fresh, env);
    runs.push(run);
    const url = await run.ready();
    await signIn(url);
    assert.doesNotMatch(run.output, /\/setup#|fine long phrase/);

    // Without a mail server the link to a new password lies in the data folder, and the log says where.
    assert.equal((await post(url, '/auth/password/forgot', { email: CREDENTIALS.email })).status, 202);
    const outbox = join(fresh, 'outbox');
    for (let waited = 0; waited < 20_000 && !/a message left/.test(run.output); waited += 50) await sleep(50);
    const [name = ''] = await readdir(outbox);
    const letter = readFileSync(join(outbox, name), 'utf8').replaceAll('=\r\n', '').replaceAll('=3D', '=');
    const token = new RegExp(`${url}/reset#token=([\\w-]+)`).exec(letter)?.[1] ?? '';
    assert.equal((await stat(join(outbox, name))).mode & 0o777, 0o600);
    assert.match(run.output, /the folder .*outbox/);
    assert.doesNotMatch(run.output, new RegExp(token));
    const password = 'another fine long phrase';
    assert.equal((await post(url, '/auth/password/reset', { token, password })).status, 204);
    assert.equal((await post(url, '/auth/login', { email: CREDENTIALS.email, password })).status, 200);
    await run.stop('SIGTERM');
    await rm(fresh, { recursive: true, force: true });
  });

  it('verifies senders with the name server it is told of', async () => {
    const zone = (name: string, data: string) => ({ type: 'TXT' as const, name, ttl: 60, data: [data] });
    const names = await startNameServer({
      records: [zone('bank.example', 'v=spf1 ip4:192.0.2.10 -all'), zone('_dmarc.bank.example', 'v=DMARC1; p=reject')],
    });
    try {
      const run = start({ POSTERN_DNS: names.address });
      const url = await run.ready();
      const raw = await signed(RECEIVED);
      const headers = await signIn(url);
      const answer = await fetch(`${url}/api/v1/scan/upload`, { method: 'POST', headers, body: fileForm(raw) });
      const { authentication } = (await answer.json()) as { authentication: { source: string; aligned: boolean } };
      assert.deepEqual([authentication.source, authentication.aligned], ['verified', true]);
      await run.stop('SIGTERM');
    } finally {
      await names.close();
    }
  });

  it('names every fault of the configuration and does not start', async () => {
    const output = await refusal(start({ PORT: 'eighty', POSTERN_UPLOAD_LIMIT: 'much' }));
    assert.match(output, /PORT must be/);
    assert.match(output, /POSTERN_UPLOAD_LIMIT must be/);
  });

  it('says in one sentence why it cannot keep its data, or not make its first administrator', async () => {
    const obstacle = join(dataDir, 'master-key');
    assert.match(
      await refusal(start({ POSTERN_DATA_DIR: obstacle })),
      /^postern cannot keep its data in .*POSTERN_DATA_DIR/,
    );
    const fresh = await mkdtemp(join(tmpdir(), 'postern-main-'));
    await chmod(fresh, 0o711);
    const env = { POSTERN_ADMIN_EMAIL: CREDENTIALS.email, POSTERN_ADMIN_PASSWORD: 'short', POSTERN_LOG_LEVEL: 'error' };
    const run = new Run(fresh, env);
    runs.push(run);
    assert.match(await refusal(run), /^POSTERN_ADMIN_PASSWORD cannot be used: .*8 characters/);
    await rm(fresh, { recursive: true, force: true });
  });
});
