import assert from 'node:assert/strict';
import { phish } from '../../services/parts.js';
import { fileForm, startTestServer } from '../server.js';
import type { TestServer } from '../server.js';

describe('insights of an organisation', () => {
  let server: TestServer;
  before(async function () {
    this.timeout(60_000);
    server = await startTestServer();
  });
  after(() => server.close());

  it('count what all members scanned, who sent what is dangerous and whom it reached, and nothing of others', async () => {
    const admin = await server.member('org_admin');
    const [ann, bob] = [
      await server.member('org_member', admin.tenantId),
      await server.member('org_member', admin.tenantId),
    ];
    for (const as of [ann, ann, bob, await server.member('org_owner')]) {
      assert.equal((await server.send('POST', '/scan/upload', { as, body: fileForm(phish()) })).status, 200);
    }
    const harmless = { from_address: 'jo@lists.example', subject: 'Minutes', body_text: 'See you on Thursday. Jo' };
    await server.send('POST', '/scan', { as: bob, json: harmless });
    const insights = (await (await server.send('GET', '/insights?days=7', { as: admin })).json()) as {
      overview: { total: number; days: unknown[] };
      senders: { address: string; total: number; dangerous: number }[];
      targets: { email: string; total: number; dangerous: number }[];
    };
    assert.equal(insights.overview.total, 4);
    assert.equal(insights.overview.days.length, 7);
    assert.deepEqual(insights.senders, [{ address: 'security@paypa1-account.example', total: 3, dangerous: 3 }]);
    assert.deepEqual(
      insights.targets.map(({ email, total, dangerous }) => [email, total, dangerous]),
      [
        [ann.email, 2, 2],
        [bob.email, 2, 1],
      ],
    );
  });
});
