import assert from 'node:assert/strict';
import { startTestServer } from '../server.js';
import type { Member, TestServer } from '../server.js';

interface Page {
  readonly items: readonly { readonly id: string; readonly address: string; readonly state: string }[];
  readonly next_cursor: string | null;
}

const MANY = 2000;

describe('the list of mailboxes', function () {
  this.timeout(60_000);
  let server: TestServer;
  let admin: Member;
  let member: Member;
  before(async () => {
    server = await startTestServer();
    admin = await server.member('org_admin');
    member = await server.member('org_member', admin.tenantId);
    await seed(admin.tenantId);
  });
  after(() => server.close());

  /** Of each state some, nobody's but for every hundredth. */
  const seed = (tenant: string) => server.database.admin`insert into postern.mailboxes
    (tenant_id, mailbox_id, owner_id, provider, address, status, paused, quota_until, fault, backfill, cursor)
    select ${tenant}, gen_random_uuid(), case when n % 100 = 0 then ${member.userId}::uuid end, 'gmail', 'P' || n || '@corp.example',
      case n % 8 when 0 then 'attention' when 1 then 'disconnected' else 'connected' end, n % 8 = 2 or n % 8 = 0,
      case when n % 8 in (2, 3) then now() end, case when n % 8 in (3, 4) then 'away' end,
      case when n % 8 in (4, 5) then 'running' else 'done' end, case when n % 8 <> 6 then 'c' end
    from generate_series(1, ${MANY}::int) n`;
  const list = async (query: string, as = admin, status = 200): Promise<Page> => {
    const answer = await server.send('GET', `/mailboxes?${query}`, { as });
    assert.equal(answer.status, status, query);
    return (await answer.json()) as Page;
  };
  const all = async (query: string, as = admin): Promise<Page['items']> => {
    const found: Page['items'][number][] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: Page = await list(`limit=100${query}${cursor === '' ? '' : `&cursor=${cursor}`}`, as);
      assert.ok(page.items.length <= 100);
      found.push(...page.items);
      cursor = page.next_cursor;
    }
    return found;
  };

  it('thousands come page by page, each once, by address; a page is small where nobody says how large', async () => {
    const found = await all('');
    assert.deepEqual([found.length, new Set(found.map(({ id }) => id)).size], [MANY, MANY]);
    const addresses = found.map(({ address }) => address);
    assert.deepEqual(addresses, [...addresses].sort());
    assert.equal((await list('')).items.length, 50);
    await list('limit=101', admin, 400);
  });

  it('of each state are found those, and only those, that say so of themselves', async () => {
    const found = await all('');
    const states = new Set(found.map(({ state }) => state));
    assert.equal(states.size, 7);
    for (const state of states) {
      const ids = found.filter((one) => one.state === state).map(({ id }) => id);
      assert.deepEqual(
        (await all(`&state=${state}`)).map(({ id }) => id),
        ids,
        state,
      );
    }
    await list('state=broken', admin, 400);
  });

  it('part of an address finds it in whatever case, and its wildcards are letters', async () => {
    assert.deepEqual(
      (await all('&text=p19')).map(({ address }) => address).sort(),
      (await all(''))
        .map(({ address }) => address)
        .filter((address) => address.startsWith('P19'))
        .sort(),
    );
    for (const text of ['%25', '_', 'p1%25corp']) assert.deepEqual(await all(`&text=${text}`), [], text);
  });

  it('a member pages through their own, and what a cursor of another tenant would open stays closed', async () => {
    assert.equal((await all('', member)).length, MANY / 100);
    const { next_cursor: cursor } = await list('limit=5', admin);
    const stranger = await server.member('org_owner');
    assert.deepEqual((await list('', stranger)).items, []);
    await list(`cursor=${cursor}`, stranger, 400);
    await list(`cursor=${cursor?.slice(0, -2)}AA`, admin, 400);
    // With an administrator's cursor a member still sees nothing but what is theirs.
    const theirs = new Set((await all('', member)).map(({ id }) => id));
    assert.ok((await list(`cursor=${cursor}`, member)).items.every(({ id }) => theirs.has(id)));
  });
});
