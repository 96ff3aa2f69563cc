import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTestServer } from '../api/server.js';
import { createEmptyDatabase } from '../helpers/database.js';
import { Run } from '../helpers/program.js';
import { sharedOrSkip } from '../helpers/requirements.js';

/** Tokens that others made, held up to the running server; and its own, across a change of keys. */
describe('attack: sessions', function () {
  this.timeout(120_000);

  it('every token of Wycheproof, valid or not, signed or encrypted, is a stranger’s', async function () {
    const folder = sharedOrSkip(this, 'suites', 'jose');
    type Vectors = { testGroups: { tests: { jws?: string | object; jwe?: string | object }[] }[] };
    const tokens = readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .flatMap((name) => (JSON.parse(readFileSync(join(folder, name), 'utf8')) as Vectors).testGroups)
      .flatMap(({ tests }) => tests.map(({ jws, jwe }) => jws ?? jwe ?? ''))
      .map((token) => (typeof token === 'string' ? token : JSON.stringify(token)))
      // What no header can carry is refused by the client already.
      .map((token) => token.replaceAll(/[^\x20-\x7e]/g, '?'));
    assert.equal(tokens.length, 649);
    const server = await startTestServer();
    try {
      for (const token of new Set(tokens)) {
        const answer = await server.send('GET', '/auth/me', { headers: { authorization: `Bearer ${token}` } });
        assert.equal(answer.status, 401, token.slice(0, 80));
        const refresh = await server.send('POST', '/auth/refresh', {
          headers: { cookie: `postern_refresh=${token.replaceAll(/[;,\s"\\]/g, '')}` },
        });
        assert.equal(refresh.status, 401, token.slice(0, 80));
      }
    } finally {
      await server.close();
    }
  });

  it('a new master key keeps everybody signed in; one that is taken off ends what it signed, and no session', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'postern-sessions-'));
    const { ownerUrl, appUrl } = await createEmptyDatabase();
    const person = { email: 'root@example.test', password: 'a fine long phrase' };
    const [old, fresh] = [randomBytes(32).toString('base64'), randomBytes(32).toString('base64')];
    const env = {
      ...{ DATABASE_URL: ownerUrl, DATABASE_APP_URL: appUrl, POSTERN_SCAN_THREADS: '1' },
      ...{ POSTERN_ADMIN_EMAIL: person.email, POSTERN_ADMIN_PASSWORD: person.password },
    };
    const withKeys = async <T>(keys: string, work: (url: string) => Promise<T>): Promise<T> => {
      const run = new Run(folder, { ...env, POSTERN_KEYS: keys });
      try {
        return await work(await run.ready());
      } finally {
        await run.stop('SIGTERM');
      }
    };
    const me = async (url: string, token: string) =>
      (await fetch(`${url}/api/v1/auth/me`, { headers: { authorization: `Bearer ${token}` } })).status;
    const granted = async (answer: Response) => {
      assert.equal(answer.status, 200);
      const { access_token: token } = (await answer.json()) as { access_token: string };
      return { token, cookie: answer.headers.get('set-cookie')?.split(';', 1)[0] ?? '' };
    };
    const refreshed = async (url: string, cookie: string) =>
      granted(await fetch(`${url}/api/v1/auth/refresh`, { method: 'POST', headers: { cookie } }));
    try {
      const first = await withKeys(old, async (url) =>
        granted(
          await fetch(`${url}/api/v1/auth/login`, {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify(person),
          }),
        ),
      );
      const header = JSON.parse(Buffer.from(first.token.split('.')[0] ?? '', 'base64url').toString()) as object;
      const claims = JSON.parse(Buffer.from(first.token.split('.')[1] ?? '', 'base64url').toString()) as {
        iat: number;
        exp: number;
      };
      assert.equal((header as { alg: string }).alg, 'HS256');
      assert.equal(claims.exp - claims.iat, 15 * 60);
      const second = await withKeys(`${fresh},${old}`, async (url) => {
        assert.equal(await me(url, first.token), 200, 'signed by the key before');
        const next = await refreshed(url, first.cookie);
        assert.equal(await me(url, next.token), 200);
        return next;
      });
      await withKeys(fresh, async (url) => {
        assert.equal(await me(url, first.token), 401, 'its key is off the ring');
        assert.equal(await me(url, second.token), 200);
        assert.equal(await me(url, (await refreshed(url, second.cookie)).token), 200);
      });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
