import assert from 'node:assert/strict';
import { createAppServer } from '../../../src/api/app-server.js';
import { createApp } from '../../../src/api/app.js';
import type { Reply } from '../../../src/api/checkv2/reply.js';
import type { Parts } from '../../../src/services/context.js';
import { windowsOn } from '../../helpers/windows.js';
import { closeGently, listen } from '../../../src/serve.js';
import { phish } from '../../services/parts.js';
import { keyOf, openDoor } from '../door.js';
import { fileForm, startTestServer } from '../server.js';
import type { Member, TestServer } from '../server.js';

describe('limits on scans', () => {
  let server: TestServer;
  before(async function () {
    this.timeout(60_000);
    server = await startTestServer();
    const window = windowsOn(server.parts.store);
    (server.parts as { scanLimits: Parts['scanLimits'] }).scanLimits = {
      key: window('scans-key', 3, 60_000),
      tenant: window('scans-tenant', 5, 60_000),
    };
  });
  after(() => server.close());

  const upload = (as: string, headers: Record<string, string> = {}) =>
    server.send('POST', '/scan/upload', { as, body: fileForm(phish()), headers });
  const standing = (answer: Response) => {
    const all = [...(answer.headers.get('ratelimit') ?? '').matchAll(/"scans-(\w+)";r=(\d+);t=(\d+)/g)];
    return Object.fromEntries(all.map(([, name = '', remaining]) => [name, Number(remaining)])) as Record<
      string,
      number
    >;
  };

  it('are told with each answer, and refuse what is over them with the time to wait', async () => {
    const owner = await server.member('org_member');
    const [one, two] = [await keyOf(server, owner.token), await keyOf(server, owner.token)];
    const first = await upload(one);
    assert.equal(first.headers.get('ratelimit-policy'), '"scans-tenant";q=5;w=60, "scans-key";q=3;w=60');
    assert.deepEqual(standing(first), { tenant: 4, key: 2 });
    await upload(one);
    assert.deepEqual(standing(await upload(one)), { tenant: 2, key: 0 });

    const refused = await upload(one);
    assert.equal(refused.status, 429);
    const wait = Number(refused.headers.get('retry-after'));
    assert.ok(wait >= 1 && wait <= 62, String(wait));
    assert.equal(((await refused.json()) as { code: string }).code, 'request.rate-limited');

    assert.deepEqual(
      standing(await upload(two)),
      { tenant: 1, key: 2 },
      'what was refused did not count for the tenant',
    );
    const signedIn = await upload(owner.token, { prefer: 'respond-async' });
    assert.equal(signedIn.status, 202);
    assert.deepEqual(standing(signedIn), { tenant: 0 });
    assert.match(((await (await upload(two)).json()) as { detail: string }).detail, /this organisation/);
    assert.equal((await upload(owner.token, { prefer: 'respond-async' })).status, 429);
    assert.equal((await server.send('GET', '/overview', { as: owner })).status, 200, 'reading is not limited');

    const stranger = await server.member('org_member');
    assert.equal((await upload(stranger.token)).status, 200, 'another organisation has its own');
  });

  it('a rescan counts, and a mail server over them is asked to come again', async () => {
    const owner = await server.member('org_member');
    const key = await keyOf(server, owner.token);
    const { id } = (await (await upload(key)).json()) as { id: string };
    assert.equal((await server.send('POST', `/scan/${id}/rescan`, { as: key })).status, 200);
    const door = await openDoor(server);
    const actions: string[] = [];
    for (let asked = 0; asked < 2; asked += 1) {
      actions.push((JSON.parse((await door.ask(phish(), { password: key })).text) as Reply).action);
    }
    await door.close();
    assert.notEqual(actions[0], 'soft reject');
    assert.equal(actions[1], 'soft reject');
  });

  it('hold over several processes that are asked at once', async () => {
    const { server: other, serve } = createAppServer();
    const port = await listen(other, '127.0.0.1', 0);
    const url = `http://127.0.0.1:${port}`;
    const setting = { trustedProxies: [], uploadLimit: 1_000_000, dashboard: '.', version: '0', draining: () => false };
    serve(createApp({ parts: { ...server.parts }, publicUrl: url, ...setting }));
    const owner: Member = await server.member('org_member');
    const key = await keyOf(server, owner.token);
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        fetch(`${index % 2 === 0 ? url : server.url}/api/v1/scan/upload`, {
          method: 'POST',
          headers: { authorization: `Bearer ${key}` },
          body: fileForm(phish()),
        }),
      ),
    );
    const statuses = answers.map(({ status }) => status);
    assert.equal(statuses.filter((status) => status === 200).length, 3, statuses.join(' '));
    assert.equal(statuses.filter((status) => status === 429).length, 9, statuses.join(' '));
    await closeGently(other, 100);
  });
});
