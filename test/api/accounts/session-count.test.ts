import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { PASSWORD } from '../../services/parts.js';
import { startTestServer } from '../server.js';
import type { Member, TestServer } from '../server.js';

const MOST = 100;

describe('how many sessions an account has at once', () => {
  let server: TestServer;
  before(async function () {
    this.timeout(60_000);
    server = await startTestServer();
  });
  after(() => server.close());

  const begin = (who: Member, confinedTo: string | null = null) =>
    server.parts.store.withSystem('sign-in', (db) =>
      db.sessions.start({
        ...{ id: randomUUID(), userId: who.userId, tenantId: confinedTo ?? who.tenantId, tokenHash: randomBytes(32) },
        ...{ expiresAt: new Date(Date.now() + 3_600_000), confined: confinedTo !== null },
      }),
    );
  const live = async ({ userId }: Member): Promise<number> =>
    (await server.database.admin`select 1 from postern.sessions where user_id = ${userId} and ended_at is null`).length;

  it('is bounded, also of many that begin at once: the one that was not used for longest ends, and it is in the log', async () => {
    const [person, colleague] = [await server.member('org_member'), await server.member('org_member')];
    await Promise.all(Array.from({ length: MOST - 1 }, () => begin(person)));
    assert.equal(await live(person), MOST);
    await server.database.admin`update postern.sessions set rotated_at = now() - interval '1 hour'
      where user_id = ${person.userId} and session_id in (
        select session_id from postern.sessions where user_id = ${person.userId} order by session_id limit 5)`;
    const old = await server.database.admin<{ id: string }[]>`select session_id as id from postern.sessions
      where user_id = ${person.userId} and rotated_at < now() - interval '30 minutes'`;
    await Promise.all(Array.from({ length: 4 }, () => begin(person)));
    const json = { email: person.email, password: PASSWORD };
    assert.equal((await server.send('POST', '/auth/login', { json })).status, 200);
    assert.equal(await live(person), MOST);
    const ended = await server.database.admin<{ id: string }[]>`select session_id as id from postern.sessions
      where user_id = ${person.userId} and ended_at is not null`;
    assert.deepEqual(ended.map(({ id }) => id).sort(), old.map(({ id }) => id).sort());
    const told = await server.database.admin`select 1 from postern.audit_events where tenant_id = ${person.tenantId}
      and action = 'auth.session-ended' and details ->> 'reason' = 'too-many'`;
    assert.equal(told.length, 5);
    assert.equal(await live(colleague), 1, 'nobody else’s');
  });

  it('is bounded for each organisation’s provider apart: none ends what the person, or another organisation, has begun', async () => {
    const person = await server.member('org_member');
    const [one, two] = [await server.member('org_owner'), await server.member('org_owner')];
    for (const { tenantId } of [one, two]) await server.database.addMember(tenantId, person.userId, 'org_member');
    const liveIn = async (tenant: string) =>
      (
        await server.database.admin`select 1 from postern.sessions where user_id = ${person.userId}
        and tenant_id = ${tenant} and ended_at is null`
      ).length;
    await begin(person, two.tenantId);
    for (let turn = 0; turn < MOST + 5; turn += 1) await begin(person, one.tenantId);
    assert.deepEqual(
      [await liveIn(person.tenantId), await liveIn(one.tenantId), await liveIn(two.tenantId)],
      [1, MOST, 1],
    );
    assert.equal((await server.send('GET', '/account/sessions', { as: person })).status, 200);
    for (let turn = 0; turn < MOST; turn += 1) await begin(person);
    assert.deepEqual([await liveIn(person.tenantId), await liveIn(one.tenantId)], [MOST, MOST], 'nor the other way');
  });

  it('a program that signs in anew each time ends its own, not the one of a person who was away for a while', async () => {
    const person = await server.member('org_member');
    await server.database.admin`update postern.sessions set created_at = now() - interval '3 hours',
      rotated_at = now() - interval '20 minutes' where user_id = ${person.userId}`;
    for (let turn = 0; turn < MOST + 20; turn += 1) await begin(person);
    assert.equal(await live(person), MOST);
    const ended = await server.database.admin`select 1 from postern.sessions
      where user_id = ${person.userId} and ended_at is not null and rotated_at > created_at`;
    assert.equal(ended.length, 0);
    assert.equal((await server.send('GET', '/account/sessions', { as: person })).status, 200);
  });
});
