import assert from 'node:assert/strict';
import { offerSetupLink } from '../../../src/services/setup/offer-setup-link.js';
import { setUpUnattended } from '../../../src/services/setup/complete-setup.js';
import { startTestServer } from '../server.js';
import type { TestServer } from '../server.js';

describe('the first administrator', () => {
  let server: TestServer;
  beforeEach(async function () {
    this.timeout(60_000);
    server = await startTestServer();
  });
  afterEach(() => server.close());

  const fields = { email: 'Root@Example.test', password: 'a fine long phrase', organisation: 'Example' };
  const setUp = (changed: object) => server.send('POST', '/setup', { json: { ...fields, ...changed } });
  const link = async () => (await offerSetupLink({ ctx: server })) ?? assert.fail('no link');
  const codeOf = async (answer: Response) => ((await answer.json()) as { code: string }).code;
  const needed = async () => ((await (await server.send('GET', '/setup')).json()) as { needed: boolean }).needed;

  it('is created by whoever holds the link, once, and can sign in as owner of the organisation', async () => {
    assert.equal(await needed(), true);
    const token = await link();
    assert.equal((await setUp({ token })).status, 204);
    assert.equal(await needed(), false);
    const again = await setUp({ token, email: 'other@example.test' });
    assert.equal(again.status, 409);
    const answer = await server.send('POST', '/auth/login', {
      json: { email: fields.email, password: fields.password },
    });
    const { access_token: token2 } = (await answer.json()) as { access_token: string };
    const account = (await (await server.send('GET', '/auth/me', { as: token2 })).json()) as {
      super_admin: boolean;
      tenant: { name: string; role: string };
    };
    assert.equal(account.super_admin, true);
    assert.equal(account.tenant.name, 'Example');
    assert.equal(account.tenant.role, 'org_owner');
    assert.equal(await offerSetupLink({ ctx: server }), null);
  });

  it('is not created with a guessed, replaced or expired link', async () => {
    const first = await link();
    assert.equal(await codeOf(await setUp({ token: 'guessed' })), 'setup.link-invalid');
    const second = await link();
    assert.equal(await codeOf(await setUp({ token: first })), 'setup.link-invalid');
    await server.database.admin`update postern.setup_links set expires_at = now() - interval '1 second'`;
    assert.equal(await codeOf(await setUp({ token: second })), 'setup.link-invalid');
    assert.equal(await needed(), true);
  });

  it('needs a password that is not everybody’s first guess; a refused attempt leaves the link valid', async () => {
    const token = await link();
    for (const password of ['short', 'password1!', '1234567890', 'aaaaaaaaaaaa', 'root@example.test', 'Example2026']) {
      assert.equal(await codeOf(await setUp({ token, password })), 'account.password-weak', password);
    }
    assert.equal((await setUp({ token })).status, 204);
  });

  it('is created once when two try at the same time', async () => {
    const token = await link();
    const answers = await Promise.all([setUp({ token }), setUp({ token, email: 'other@example.test' })]);
    assert.deepEqual(answers.map(({ status }) => status).filter((status) => status === 204).length, 1);
    const [row] = await server.database.admin<{ n: number }[]>`select count(*)::int as n from postern.users`;
    assert.equal(row?.n, 1);
  });

  it('is created unattended, and never twice', async () => {
    const input = { ...fields, displayName: '' };
    assert.equal(await setUpUnattended({ ctx: server, input }), true);
    assert.equal(await setUpUnattended({ ctx: server, input: { ...input, email: 'other@example.test' } }), false);
    assert.equal(await codeOf(await setUp({ token: 'any' })), 'setup.already-done');
  });
});
