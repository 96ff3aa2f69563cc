import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { closeGently, listen } from '../../src/serve.js';
import type { TestPerson } from '../services/parts.js';
import { openDesk } from './desk.js';
import type { Desk, Tab } from './desk.js';

/** Cookies know no ports: what else runs on the host shares them. A browser, not a client that claims to be one. */
describe('dashboard: a page of another port of the same host', function () {
  this.timeout(60_000);
  let desk: Desk;
  let tab: Tab;
  let person: TestPerson;
  let elsewhere: Server;
  let origin: string;
  before(async function () {
    desk = await openDesk(this);
    person = await desk.server.person('org_owner');
    tab = await desk.open();
    await tab.signIn(person);
    elsewhere = createServer((_request, response) => {
      response.setHeader('content-type', 'text/html').end('<!doctype html><title>Elsewhere</title>');
    });
    origin = `http://127.0.0.1:${await listen(elsewhere, '127.0.0.1', 0)}`;
  });
  after(async () => {
    await (desk as Desk | undefined)?.close();
    if ((elsewhere as Server | undefined) !== undefined) await closeGently(elsewhere, 100);
  });

  const hashes = async () =>
    (
      await desk.server.database.admin<{ hash: string }[]>`
        select encode(token_hash, 'hex') as hash from postern.sessions where user_id = ${person.userId}`
    ).map(({ hash }) => hash);

  it('cannot spend the session, read anything of it, or sign out whoever is signed in', async () => {
    const page = await tab.page.context().newPage();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await page.goto(origin);
    const before = await hashes();
    assert.equal(before.length, 1);
    for (const path of ['/auth/refresh', '/auth/logout', '/auth/me']) {
      for (const mode of ['cors', 'no-cors']) {
        const options = { method: path === '/auth/me' ? 'GET' : 'POST', mode, credentials: 'include' };
        const outcome = await page.evaluate<string>(
          `fetch('${desk.server.url}/api/v1${path}', ${JSON.stringify(options)}).then((a) => a.type, () => 'blocked')`,
        );
        assert.ok(['blocked', 'opaque'].includes(outcome), `${path}: ${outcome}`);
      }
    }
    assert.ok(asked.includes('/api/v1/auth/refresh'), 'it was tried');
    assert.equal(await page.evaluate('document.cookie'), '', 'the cookie is for no script');
    assert.deepEqual(await hashes(), before, 'nothing was spent');
    await page.close();
    await tab.page.reload();
    await tab.page.getByRole('navigation', { name: 'Places' }).waitFor();
  });

  it('cannot put a session of its own in the place of theirs', async () => {
    const mallory = await desk.server.member('org_owner');
    const page = await tab.page.context().newPage();
    await page.goto(origin);
    const answer = await desk.server.send('POST', '/auth/login', {
      json: { email: mallory.email, password: 'correct horse battery' },
    });
    const [pair = ''] = (answer.headers.get('set-cookie') ?? '').split(';');
    assert.match(pair, /^\w+=./);
    for (const path of ['/api/v1/auth', '/api/v1/auth/refresh', '/']) {
      await page.evaluate(`document.cookie = ${JSON.stringify(`${pair}; path=${path}`)}`);
    }
    await page.close();
    await tab.page.reload();
    // Signed out at worst: two cookies of the name make neither valid.
    await Promise.race([
      tab.page.getByRole('navigation', { name: 'Places' }).waitFor(),
      tab.page.getByLabel('Password').waitFor(),
    ]);
    assert.ok(!(await tab.page.content()).includes(mallory.email));
  });
});
