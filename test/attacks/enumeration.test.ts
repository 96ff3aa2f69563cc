import assert from 'node:assert/strict';
import type { SharedWindow } from '../../src/services/limits/shared-window.js';
import type { Store, SystemDb } from '../../src/store/store.js';
import { startTestServer } from '../api/server.js';
import type { TestServer } from '../api/server.js';
import { windowsOn } from '../helpers/windows.js';
import { bodyOf } from './body-of.js';
import type { Document } from './body-of.js';

/** What the product asked of its database, in words: "sign-in: findUserByEmail". */
type Asked = string[];

/** The same store, which writes down every question. */
function watched(store: Store, asked: Asked): Store {
  const watch = <T extends object>(target: T, name: string): T =>
    new Proxy(target, {
      get(object, key) {
        const value: unknown = Reflect.get(object, key);
        const path = `${name}.${String(key)}`;
        if (typeof value === 'function') {
          return (...given: unknown[]) => {
            asked.push(path);
            return (value as (...all: unknown[]) => unknown).apply(object, given);
          };
        }
        return typeof value === 'object' && value !== null ? watch(value, path) : value;
      },
    });
  return {
    ...store,
    withSystem: (purpose, work, facts) =>
      store.withSystem(purpose, (db: SystemDb) => work(purpose === 'limits' ? db : watch(db, purpose)), facts),
  };
}

/** Whether an address has an account shows neither in the answer nor in the work, which is what takes the time. */
describe('attack: enumeration', function () {
  this.timeout(60_000);
  let server: TestServer;
  const asked: Asked = [];
  const people: Record<string, string> = {};
  before(async () => {
    server = await startTestServer();
    const { admin } = server.database;
    const [known, suspended, without, second] = [
      await server.member('org_member'),
      await server.member('org_member'),
      await server.member('org_member'),
      await server.member('org_member'),
    ];
    await admin`update postern.users set suspended = true where user_id = ${suspended.userId}`;
    await admin`update postern.users set password_hash = null where user_id = ${without.userId}`;
    Object.assign(people, {
      'has an account': known.email,
      'is suspended': suspended.email,
      'has no password': without.email,
      'has another account': second.email,
      'has that in other letters': known.email.toUpperCase(),
    });
    // The same addresses are tried more often than anybody would.
    (server.parts.accounts as { byRecipient: SharedWindow }).byRecipient = windowsOn(server.parts.store)(
      'r',
      1000,
      60_000,
    );
    (server.parts as { store: Store }).store = watched(server.parts.store, asked);
  });
  after(() => server.close());

  /** Everything that a client sees, without what is different each time by chance. */
  const seen = async (answer: Response) => {
    const text = (await answer.text())
      .replace(/"request_id":"[^"]*"/, '')
      .replaceAll(/"[\w-]{43}"/g, '"secret"')
      .replaceAll(/"[\d-]{10}T[\d:.]+Z"/g, '"time"');
    const { date: _date, 'x-request-id': _id, ...headers } = Object.fromEntries(answer.headers);
    return { status: answer.status, text, headers: { ...headers, ratelimit: '' } };
  };

  it('every route that takes an address of anybody answers and works the same, whoever has it', async () => {
    const { paths, components } = (await (await server.send('GET', '/openapi.json')).json()) as Document;
    const open = Object.entries(paths).flatMap(([path, { post }]) => {
      const schema = post?.requestBody?.content['application/json']?.schema;
      if (post?.security.length !== 0 || schema === undefined) return [];
      return 'email' in (bodyOf(schema, '', components.schemas) as object) ? [path.replace('/api/v1', '')] : [];
    });
    const bodies: Readonly<Record<string, object>> = {
      '/auth/login': { password: 'not the password' },
      '/auth/login/email': {},
      '/auth/organisation/start': {},
      '/auth/sign-up': {},
      '/auth/password/forgot': {},
    };
    // Set-up is for whoever holds the operator's link.
    assert.deepEqual(open.filter((path) => path !== '/setup').sort(), Object.keys(bodies).sort());
    for (const [path, body] of Object.entries(bodies)) {
      const attempt = async (email: string) => {
        asked.length = 0;
        const answer = await seen(await server.send('POST', path, { json: { ...body, email } }));
        return { answer, questions: asked.length };
      };
      const nobody = await attempt('nobody@example.test');
      assert.ok(nobody.questions > 0, path);
      for (const [who, email] of Object.entries(people)) {
        assert.deepEqual(await attempt(email), nobody, `${path}: whoever ${who}`);
      }
    }
  });

  it('nor what comes after the first step: challenges and links that are not there', async () => {
    const secret = 'A'.repeat(43);
    const steps: Readonly<Record<string, object>> = {
      '/auth/login/verify': { challenge: secret, method: 'totp', code: '123456' },
      '/auth/login/enrol': { challenge: secret },
      '/auth/login/email/verify': { challenge: secret, code: '123456' },
      '/auth/sign-up/complete': { token: secret, password: 'a quiet river in november' },
      '/auth/password/reset': { token: secret, password: 'a quiet river in november' },
      '/auth/email/confirm': { token: secret },
      '/auth/invitation': { token: secret },
      '/auth/invitation/join': { token: secret, password: 'a quiet river in november' },
    };
    for (const [path, json] of Object.entries(steps)) {
      const first = await seen(await server.send('POST', path, { json }));
      const other = await seen(
        await server.send('POST', path, { json: JSON.parse(JSON.stringify(json).replaceAll('A', 'B')) as object }),
      );
      assert.ok([400, 401, 410, 422].includes(first.status), `${path}: ${first.status}`);
      assert.deepEqual(other, first, path);
    }
  });
});
