import assert from 'node:assert/strict';
import type { MemberContext } from '../../../../src/services/context.js';
import { completeConsent } from '../../../../src/services/mailboxes/consent/complete-consent.js';
import { startConsent } from '../../../../src/services/mailboxes/consent/start-consent.js';
import { syncMailbox } from '../../../../src/services/mailboxes/sync/sync-mailbox.js';
import { message } from '../../../contracts/connector-contract.js';
import { startProviders } from '../../../peers/providers.js';
import type { TestProviders } from '../../../peers/providers.js';
import { createTestParts } from '../../parts.js';
import type { TestParts } from '../../parts.js';

const URL_OF_POSTERN = 'https://postern.example.test';
const DAY_MS = 86_400_000;

describe('what is chosen anew while a page is read', function () {
  this.timeout(60_000);
  let providers: TestProviders;
  let test: TestParts;
  let ctx: MemberContext;
  before(async () => {
    providers = await startProviders(URL_OF_POSTERN);
    test = await createTestParts({ publicUrl: () => URL_OF_POSTERN }, providers.env);
  });
  beforeEach(async () => {
    providers.reset();
    ctx = await test.context('org_member');
    const { mailbox } = providers.google;
    for (let n = 0; n < 3; n += 1) mailbox.add(message(`ancient ${n}`), ['INBOX'], Date.now() - 90 * DAY_MS);
    for (let n = 0; n < 4; n += 1) mailbox.add(message(`old ${n}`));
  });
  after(async () => {
    await test.close();
    await providers.close();
  });

  const connect = async (backfillDays: number | null) => {
    const input = { provider: 'gmail', access: null, mailboxId: null, backfillDays } as const;
    const { url } = await startConsent({ ctx, input });
    const back = new URL((await fetch(url, { redirect: 'manual' })).headers.get('location') ?? '').searchParams;
    return await completeConsent({ ctx, input: { state: back.get('state') ?? '', code: back.get('code') } });
  };
  const sync = (mailboxId: string, parts = test.parts) =>
    syncMailbox(parts, { tenantId: ctx.identity.tenantId, mailboxId });
  /** The page in which messages from before are read; meanwhile its person connects the mailbox again. */
  const syncWhileChosen = async (id: string, days: number | null): Promise<void> => {
    const { pool } = test.parts;
    let chosen = false;
    const scan: typeof pool.scan = async (request) => {
      if (!chosen) {
        chosen = true;
        await connect(days);
      }
      return await pool.scan(request);
    };
    await sync(id, { ...test.parts, pool: { ...pool, scan } });
    assert.ok(chosen);
  };
  const state = async () => {
    const { admin } = test.database;
    const [row] = await admin`select backfill, backfill_since is null as everything,
      (select count(*)::int from postern.scans s where s.tenant_id = m.tenant_id) as scanned
      from postern.mailboxes m where tenant_id = ${ctx.identity.tenantId}`;
    return [row?.['backfill'], row?.['everything'], row?.['scanned']] as unknown[];
  };

  it('nothing of before: the page that was being read is not stored, and none comes after it', async () => {
    const { id } = await connect(null);
    await syncWhileChosen(id, 0);
    for (const _ of [1, 2, 3]) {
      assert.deepEqual(await state(), ['done', false, 0]);
      await sync(id);
    }
  });

  it('everything: the last page of an older choice does not end it', async () => {
    const { id } = await connect(30);
    await syncWhileChosen(id, null);
    assert.deepEqual(await state(), ['running', true, 0]);
    for (const _ of [1, 2, 3]) await sync(id);
    assert.deepEqual(await state(), ['done', true, 7]);
  });
});
