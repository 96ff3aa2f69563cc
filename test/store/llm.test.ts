import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Actor, TenantDb, TenantId, TenantRole } from '../../src/store/store.js';
import type { LlmSetting, LlmSettingRow, NewLlmCall } from '../../src/store/tables/detection/llm.js';
import { createTestDatabase } from '../helpers/database.js';
import type { TestDatabase } from '../helpers/database.js';

const WORKER: Actor = { kind: 'worker', job: 'llm' };
const SETTING: LlmSetting = {
  ...{ mailboxId: null, enabled: true, byDefault: true, connection: { provider: 'ollama' }, fallback: null },
  ...{ keySetAt: null, fallbackKeySetAt: null, monthlyCalls: null, monthlyTokens: null, prices: {} },
};
const CALL: NewLlmCall = {
  ...{ mailboxId: null, purpose: 'triage', provider: 'ollama', model: 'm', inputTokens: 900, outputTokens: 100 },
  ...{ costMicros: 1500, milliseconds: 20.4, outcome: 'answered' },
};

describe('settings and usage of language models in the database', () => {
  let db: TestDatabase;
  let tenant: TenantId;
  before(async () => {
    db = await createTestDatabase();
  });
  beforeEach(async () => {
    tenant = await db.addTenant();
  });

  const person = (role: TenantRole): Actor => ({ kind: 'user', userId: randomUUID(), role });
  const owner = person('org_owner');
  const as = <T>(actor: Actor, work: (llm: TenantDb['llm']) => Promise<T>, where = tenant) =>
    db.store.withTenant(where, actor, ({ llm }) => work(llm));
  async function put(more: Partial<LlmSetting> = {}): Promise<LlmSettingRow> {
    const row = await as(owner, (llm) => llm.put({ ...SETTING, ...more }));
    assert.ok(row);
    return row;
  }
  async function mailbox(): Promise<string> {
    const id = randomUUID();
    const user = await db.addUser();
    await db.admin`insert into postern.mailboxes (tenant_id, mailbox_id, owner_id, provider, address)
      values (${tenant}, ${id}, ${user}, 'imap', ${`${id}@a.test`})`;
    return id;
  }

  it('there is one setting a tenant, replaced in place, and one for each mailbox that has its own', async () => {
    const first = await put();
    const second = await put({ enabled: false });
    assert.equal(second.id, first.id);
    assert.equal(second.revision, first.revision + 1);
    const id = await mailbox();
    const own = await put({ mailboxId: id, connection: { provider: 'anthropic' } });
    assert.deepEqual(
      (await as(WORKER, (llm) => llm.list())).map(({ mailboxId }) => mailboxId),
      [null, id],
    );
    assert.equal((await as(WORKER, (llm) => llm.effective(id)))?.id, own.id);
    assert.equal((await as(WORKER, (llm) => llm.effective(null)))?.id, first.id);
    assert.equal((await as(WORKER, async (llm) => llm.effective(await mailbox())))?.id, first.id);
  });

  it('a mailbox that does not exist, or is another tenant’s, gets no setting', async () => {
    const theirs = await mailbox();
    const other = await db.addTenant();
    for (const mailboxId of [randomUUID(), theirs])
      assert.equal(await as(owner, (llm) => llm.put({ ...SETTING, mailboxId }), other), null);
  });

  it('a key is read by a worker only: whoever set it replaces and revokes it, and never sees it again', async () => {
    const { id } = await put();
    await as(owner, (llm) => llm.setKey(id, 'connection', 'sealed-1'));
    await as(owner, (llm) => llm.setKey(id, 'connection', 'sealed-2'));
    assert.equal(await as(WORKER, (llm) => llm.sealedKey(id, 'connection')), 'sealed-2');
    for (const role of ['org_owner', 'org_admin', 'user', 'org_member'] as const)
      assert.equal(await as(person(role), (llm) => llm.sealedKey(id, 'connection')), null, role);
    await as(owner, (llm) => llm.setKey(id, 'connection', null));
    assert.equal(await as(WORKER, (llm) => llm.sealedKey(id, 'connection')), null);
    await as(owner, (llm) => llm.setKey(id, 'fallback', 'sealed-3'));
    assert.equal(await as(owner, (llm) => llm.remove(null)), true);
    const [left] = await db.admin`select count(*)::int as n from postern.llm_keys where tenant_id = ${tenant}`;
    assert.equal(left?.['n'], 0);
  });

  it('with a lesser role nothing is changed, and no usage is seen', async () => {
    const row = await put();
    const reservation = await as(WORKER, (llm) => llm.reserve(row, 10));
    await as(WORKER, (llm) => llm.settle(reservation!, 10, CALL));
    const member = person('org_member');
    assert.notEqual(await as(member, (llm) => llm.effective(null)), null);
    await assert.rejects(as(member, (llm) => llm.put({ ...SETTING, enabled: false })));
    await assert.rejects(as(member, (llm) => llm.setKey(row.id, 'connection', null)));
    await assert.rejects(as(member, (llm) => llm.setKey(row.id, 'connection', 'mine')));
    assert.equal(await as(member, (llm) => llm.remove(null)), false);
    const month = new Date().toISOString().slice(0, 7);
    assert.deepEqual(await as(member, (llm) => llm.usage(`${month}-01`)), []);
    assert.deepEqual(await as(member, (llm) => llm.used('tenant')), { calls: 0, tokens: 0 });
    // Nor does an administrator write usage: only what really called does.
    await assert.rejects(as(owner, (llm) => llm.reserve(row, 10)));
  });

  it('in another tenant nothing of it exists', async () => {
    const row = await put();
    await as(owner, (llm) => llm.setKey(row.id, 'connection', 'sealed'));
    const other = await db.addTenant();
    assert.equal(await as(WORKER, (llm) => llm.effective(null), other), null);
    assert.equal(await as(WORKER, (llm) => llm.sealedKey(row.id, 'connection'), other), null);
    await as(owner, (llm) => llm.setKey(row.id, 'connection', null), other);
    assert.equal(await as(owner, (llm) => llm.remove(null), other), false);
    assert.equal(await as(WORKER, (llm) => llm.sealedKey(row.id, 'connection')), 'sealed');
  });

  it('a quota of calls is not overrun by requests at the same time', async () => {
    const row = await put({ monthlyCalls: 7 });
    const outcomes = await Promise.all(Array.from({ length: 30 }, () => as(WORKER, (llm) => llm.reserve(row, 100))));
    assert.equal(outcomes.filter((one) => one !== null).length, 7);
    assert.deepEqual(await as(WORKER, (llm) => llm.used('tenant')), { calls: 7, tokens: 700 });
  });

  it('a quota of tokens counts what may still be used, and gives back what was not', async () => {
    const row = await put({ monthlyTokens: 1000 });
    const [first, second] = await Promise.all([1, 2].map(() => as(WORKER, (llm) => llm.reserve(row, 600))));
    assert.equal([first, second].filter((one) => one !== null).length, 1);
    const held = (first ?? second)!;
    await as(WORKER, (llm) => llm.settle(held, 250, CALL));
    assert.deepEqual(await as(WORKER, (llm) => llm.used('tenant')), { calls: 1, tokens: 250 });
    assert.notEqual(await as(WORKER, (llm) => llm.reserve(row, 600)), null);
    assert.equal(await as(WORKER, (llm) => llm.reserve({ ...row, monthlyTokens: 0 }, 1)), null);
  });

  it('a quota outlives the setting: deleting it gives no month back', async () => {
    const row = await put({ monthlyCalls: 1 });
    await as(WORKER, (llm) => llm.reserve(row, 1));
    await as(owner, (llm) => llm.remove(null));
    assert.equal(await as(WORKER, async (llm) => llm.reserve(await put({ monthlyCalls: 1 }), 1)), null);
  });

  it('a mailbox with its own setting has its own quota', async () => {
    const [row, id] = [await put({ monthlyCalls: 1 }), await mailbox()];
    const own = await put({ mailboxId: id, monthlyCalls: 1 });
    for (const one of [row, own]) assert.notEqual(await as(WORKER, (llm) => llm.reserve(one, 1)), null);
    for (const one of [row, own]) assert.equal(await as(WORKER, (llm) => llm.reserve(one, 1)), null);
  });

  it('usage is told by model and mailbox, for one month, with what it cost', async () => {
    const [row, id] = [await put(), await mailbox()];
    const call = async (more: Partial<NewLlmCall>) => {
      const reservation = await as(WORKER, (llm) => llm.reserve(row, 1));
      await as(WORKER, (llm) => llm.settle(reservation!, 1, { ...CALL, ...more }));
    };
    await call({});
    await call({ outcome: 'timeout', inputTokens: null, outputTokens: null, costMicros: null, milliseconds: 40 });
    await call({ mailboxId: id, model: 'large', costMicros: 9000 });
    await call({ model: 'old' });
    await db.admin`update postern.llm_calls set at = at - interval '1 month' where tenant_id = ${tenant} and model = 'old'`;
    const month = new Date().toISOString().slice(0, 7);
    const base = { provider: 'ollama', inputTokens: 900, outputTokens: 100 };
    assert.deepEqual(await as(owner, (llm) => llm.usage(`${month}-01`)), [
      { ...base, model: 'large', mailboxId: id, calls: 1, failed: 0, unpriced: 0, milliseconds: 20, costMicros: 9000 },
      { ...base, model: 'm', mailboxId: null, calls: 2, failed: 1, unpriced: 1, milliseconds: 30, costMicros: 1500 },
    ]);
  });

  it('records are gone after thirteen months', async () => {
    const row = await put();
    const reservation = await as(WORKER, (llm) => llm.reserve(row, 1));
    await as(WORKER, (llm) => llm.settle(reservation!, 1, CALL));
    await as(WORKER, (llm) => llm.settle(reservation!, 1, CALL));
    const ages = ['13 months 1 day', '12 months'];
    const calls = await db.admin<
      { call_id: string }[]
    >`select call_id from postern.llm_calls where tenant_id = ${tenant}`;
    for (const [index, { call_id: id }] of calls.entries())
      await db.admin`update postern.llm_calls set at = now() - ${ages[index]!}::text::interval where call_id = ${id}`;
    assert.ok((await db.store.withSystem('partitions', (system) => system.forgetLlmCalls())) >= 1);
    const [left] = await db.admin`select count(*)::int as n from postern.llm_calls where tenant_id = ${tenant}`;
    assert.equal(left?.['n'], 1);
    await assert.rejects(db.store.withSystem('health', (system) => system.forgetLlmCalls()));
  });
});
