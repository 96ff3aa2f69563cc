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

  const begin = (who: Member) =>
    server.parts.store.withSystem('sign-in', (db) =>
      db.sessions.start({
        ...{ id: randomUUID(), userId: who.userId, tenantId: who.tenantId, tokenHash: randomBytes(32) },
        ...{ expiresAt: new Date(Date.now() + 3_600_000), confined: false },
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
});
