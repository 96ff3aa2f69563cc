import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { connect } from '../../src/store/connect.js';
import { migrate } from '../../src/store/migrate.js';
import { createEmptyDatabase } from '../helpers/database.js';
import type { EmptyDatabase } from '../helpers/database.js';

const FOLDER = new URL('../../../migrations/', import.meta.url);

/** A database as a release before left it: what begins with `from` counts as applied, and then is not any more. */
async function before(from: string): Promise<EmptyDatabase & { readonly upgrade: () => Promise<readonly string[]> }> {
  const database = await createEmptyDatabase();
  const later = readdirSync(FOLDER).filter((name) => name.endsWith('.sql') && name >= from);
  const owner = connect(database.ownerUrl, { max: 1, applicationName: 'upgrade test', steady: true });
  try {
    await owner`create schema postern`;
    await owner`create table postern.migrations
      (name text primary key, sha256 text not null, applied_at timestamptz not null default now())`;
    for (const name of later) {
      const sha256 = createHash('sha256')
        .update(readFileSync(new URL(name, FOLDER)))
        .digest('hex');
      await owner`insert into postern.migrations (name, sha256) values (${name}, ${sha256})`;
    }
  } finally {
    await owner.end({ timeout: 1 });
  }
  await migrate(database.ownerUrl, database.appUrl);
  await database.admin`delete from postern.migrations where name >= ${from}`;
  return { ...database, upgrade: () => migrate(database.ownerUrl, database.appUrl) };
}

describe('an upgrade of a database that has mailboxes', function () {
  this.timeout(60_000);

  it('takes no scan from before for that of whoever has the address now, and ends reports that nobody can read any more', async () => {
    const { admin, upgrade } = await before('0095');
    const [tenant, person, own, gone] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
    await admin`insert into postern.tenants (tenant_id, name, kind, retention_days) values (${tenant}, 'T', 'organisation', 7)`;
    const add = (id: string, status: string, personId: string | null) => admin`insert into postern.mailboxes
      (tenant_id, mailbox_id, provider, address, status, directory_id, person_id)
      values (${tenant}, ${id}, 'gmail', ${`${id}@corp.example`}, ${status}, ${randomUUID()}, ${personId})`;
    await add(person, 'connected', 'g-second');
    await add(own, 'connected', null);
    await add(gone, 'disconnected', 'g-gone');
    for (const mailbox of [person, gone])
      await admin`insert into postern.reports (tenant_id, report_id, mailbox_id, provider_message_id, received_at, expires_at)
        values (${tenant}, ${randomUUID()}, ${mailbox}, 'm', now(), now() + interval '1 day')`;
    assert.ok((await upgrade()).length >= 5);
    const since = await admin`select mailbox_id from postern.mailboxes
      where person_since between now() - interval '5 minutes' and now()`;
    assert.deepEqual(since.map((row) => String(row['mailbox_id'])).sort(), [person, gone].sort());
    const reports = await admin`select mailbox_id, status, reason from postern.reports order by status`;
    assert.deepEqual(
      reports.map((row) => [row['mailbox_id'], row['status'], row['reason']] as unknown[]),
      [
        [gone, 'gone', 'The mailbox was disconnected before this was read.'],
        [person, 'waiting', null],
      ],
    );
    const open = await admin`select relname from pg_class where relnamespace = 'postern'::regnamespace
      and relname in ('mailboxes', 'reports') and not relforcerowsecurity`;
    assert.equal(open.length, 0, 'row security is forced again');
  });
});
