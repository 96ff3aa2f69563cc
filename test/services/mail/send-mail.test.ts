import assert from 'node:assert/strict';
import type { OutgoingMail } from '../../../src/mailer/letter.js';
import { createJobs } from '../../../src/jobs/jobs.js';
import { notice } from '../../../src/services/mail/letters.js';
import { post } from '../../../src/services/mail/post.js';
import { startWorker } from '../../../src/store/worker.js';
import { createTestParts } from '../parts.js';
import type { TestParts } from '../parts.js';
import { until } from '../../helpers/until.js';

describe('sending what waits', function () {
  this.timeout(60_000);
  let test: TestParts;
  const sent: OutgoingMail[] = [];
  let down = false;
  before(async () => {
    test = await createTestParts({
      mailer: {
        where: 'a list',
        delivers: true,
        send(mail) {
          if (down) return Promise.reject(new Error('the server is down'));
          sent.push(mail);
          return Promise.resolve('sent');
        },
        close: () => Promise.resolve(),
      },
    });
  });
  after(() => test.close());

  const waiting = async () =>
    (await test.database.admin<{ count: number }[]>`select count(*)::int as count from postern.outgoing_mail`)[0]
      ?.count;

  it('nothing is sent for what did not happen', async () => {
    await assert.rejects(
      test.parts.store.withSystem('sign-in', async (db) => {
        await post(test.parts, db, 'ann@example.test', notice('Never.'));
        throw new Error('rolled back');
      }),
    );
    assert.equal(await waiting(), 0);
    const [jobs] = await test.database.admin<{ count: number }[]>`
      select count(*)::int as count from graphile_worker.jobs where task_identifier = 'send-mail'`;
    assert.equal(jobs?.count, 0);
  });

  it('a message outlives a dead mail server and leaves once it is back; a decoy never leaves', async () => {
    const worker = await startWorker({
      ...{ ownerUrl: test.database.ownerUrl, tasks: createJobs(test.parts), log: test.parts.log },
    });
    try {
      down = true;
      await test.parts.store.withSystem('sign-in', (db) => post(test.parts, db, 'ann@example.test', notice('Real.')));
      const attempts = async () =>
        (
          await test.database.admin<{ attempts: number }[]>`
            select attempts from graphile_worker.jobs where task_identifier = 'send-mail' and last_error like '%down%'`
        )[0]?.attempts ?? 0;
      await until(async () => (await attempts()) > 0);
      assert.equal(await waiting(), 1);
      down = false;
      await test.database.admin`update graphile_worker._private_jobs set run_at = now()`;
      await until(() => sent.length === 1);
      await test.parts.store.withSystem('sign-in', (db) =>
        post(test.parts, db, 'nobody@example.test', notice('Decoy.'), { decoy: true }),
      );
      await until(async () => (await waiting()) === 0);
      assert.deepEqual(
        sent.map(({ to, subject }) => [to, subject]),
        [['ann@example.test', 'Real']],
      );
    } finally {
      await worker.stop();
    }
  });

  it('neither the queue nor the table tells what a message says or to whom', async () => {
    down = true;
    await test.parts.store.withSystem('sign-in', (db) => post(test.parts, db, 'ann@example.test', notice('Secret.')));
    const rows = await test.database.admin`select to_jsonb(m) as row from postern.outgoing_mail m
      union all select to_jsonb(j) from graphile_worker._private_jobs j`;
    assert.ok(rows.length >= 2);
    assert.doesNotMatch(JSON.stringify(rows), /ann@|Secret/);
  });
});
