import assert from 'node:assert/strict';
import type { MemberContext } from '../../../../src/services/context.js';
import { completeConsent } from '../../../../src/services/mailboxes/consent/complete-consent.js';
import type { ConsentProviderId } from '../../../../src/services/mailboxes/consent/consent-provider.js';
import { startConsent } from '../../../../src/services/mailboxes/consent/start-consent.js';
import { disconnectMailbox } from '../../../../src/services/mailboxes/disconnect-mailbox.js';
import { createOpenConnectors } from '../../../../src/services/mailboxes/open-connectors.js';
import type { OpenConnectors } from '../../../../src/services/mailboxes/open-connectors.js';
import { syncMailbox } from '../../../../src/services/mailboxes/sync/sync-mailbox.js';
import { message } from '../../../contracts/connector-contract.js';
import { refuses } from '../../../helpers/refuses.js';
import { startProviders } from '../../../peers/providers.js';
import type { TestProviders } from '../../../peers/providers.js';
import { createTestParts } from '../../parts.js';
import type { TestParts } from '../../parts.js';

const URL_OF_POSTERN = 'https://postern.example.test';

/** Goes to the provider as a browser does, and says what it was sent back with. */
export async function consent(url: string): Promise<URLSearchParams> {
  const answer = await fetch(url, { redirect: 'manual' });
  assert.equal(answer.status, 302, await answer.text());
  const back = new URL(answer.headers.get('location') ?? '');
  assert.equal(back.origin + back.pathname, `${URL_OF_POSTERN}/connect/callback`);
  return back.searchParams;
}

const WORKER = { kind: 'worker', job: 'test' } as const;
const BOTH = ['gmail', 'microsoft-graph'] as const;

describe('connecting a mailbox by consent', function () {
  this.timeout(30_000);
  let providers: TestProviders;
  let test: TestParts;
  let ctx: MemberContext;

  before(async () => {
    providers = await startProviders(URL_OF_POSTERN);
    test = await createTestParts({ publicUrl: () => URL_OF_POSTERN }, providers.env);
  });
  // A tenant of its own each, and providers that have seen nobody yet.
  beforeEach(async () => {
    providers.reset();
    ctx = await test.context('org_member');
  });
  after(async () => {
    await test.close();
    await providers.close();
  });

  const start = (
    provider: ConsentProviderId,
    more: { readonly access?: 'read' | 'change'; readonly mailboxId?: string; readonly days?: number | null } = {},
    as = ctx,
  ) => {
    const { access = null, mailboxId = null, days = 30 } = more;
    return startConsent({ ctx: as, input: { provider, access, mailboxId, backfillDays: days } });
  };
  async function connect(provider: ConsentProviderId, more: Parameters<typeof start>[1] = {}) {
    const back = await consent((await start(provider, more)).url);
    return await completeConsent({ ctx, input: { state: back.get('state') ?? '', code: back.get('code') } });
  }
  const rows = () => test.database.admin`select * from postern.mailboxes where tenant_id = ${ctx.identity.tenantId}`;

  for (const provider of BOTH) {
    describe(provider, () => {
      const peer = () => (provider === 'gmail' ? providers.google : providers.microsoft);
      const deliver = (subject: string) => {
        if (provider === 'gmail') providers.google.mailbox.add(message(subject));
        else providers.microsoft.mailbox.add(message(subject));
      };
      async function sync(mailboxId: string, times = 2) {
        for (let n = 0; n < times; n += 1)
          await syncMailbox(test.parts, { tenantId: ctx.identity.tenantId, mailboxId });
      }
      const scanned = async () => {
        const found = await test.database.admin<{ subject: string }[]>`
          select subject from postern.scans where tenant_id = ${ctx.identity.tenantId} order by 1`;
        return found.map(({ subject }) => subject);
      };

      it('is connected, read, and what it held before is scanned too', async () => {
        deliver('before');
        const mailbox = await connect(provider);
        assert.equal(mailbox.address, 'ann@example.test');
        assert.equal(mailbox.provider, provider);
        deliver('after');
        await sync(mailbox.id, 4);
        assert.deepEqual(await scanned(), ['after', 'before']);
      });

      it('keeps no token that can be read, anywhere in the row, the audit log or what was kept for the consent', async () => {
        await connect(provider);
        const dump = JSON.stringify([
          await rows(),
          await test.database.admin`select * from postern.audit_events`,
          await test.database.admin`select * from postern.mailbox_consents`,
        ]);
        for (const { headers, body } of peer().requests) {
          const secrets = [
            /^Bearer (\S+)$/.exec(headers.authorization ?? '')?.[1],
            new URLSearchParams(body).get('code'),
          ];
          for (const secret of secrets) {
            if (secret) assert.ok(!dump.includes(secret));
          }
        }
        const [row] = await rows();
        assert.match(String(row?.['credentials']), /^gAAAA/);
      });

      it('an expired token is renewed and sealed again, and the next process uses it', async () => {
        const mailbox = await connect(provider);
        const [before] = await rows();
        peer().expireAccess();
        deliver('later');
        await sync(mailbox.id, 1);
        const [after] = await rows();
        assert.notEqual(after?.['credentials'], before?.['credentials']);
        // As another process would: it knows only what is stored.
        await test.parts.mailboxes.connectors.drop(mailbox.id);
        deliver('still later');
        await sync(mailbox.id, 2);
        assert.deepEqual(await scanned(), ['later', 'still later']);
      });

      it('two processes that find the token expired renew it once', async () => {
        const mailbox = await connect(provider);
        const { store, mailboxes, consents } = test.parts;
        const other = createOpenConnectors({
          store,
          credentials: mailboxes.credentials,
          providers: consents.factories,
        });
        const { tenantId } = ctx.identity;
        const row = await store.withTenant(tenantId, WORKER, (db) => db.mailboxes.get(mailbox.id));
        peer().expireAccess();
        const renewals = () => peer().requests.filter(({ body }) => body.includes('grant_type=refresh_token')).length;
        const before = renewals();
        const look = (connectors: OpenConnectors) =>
          connectors.use(tenantId, row!, (connector) => connector.list({}, null, AbortSignal.timeout(10_000)));
        await Promise.all([look(mailboxes.connectors), look(other), look(mailboxes.connectors), look(other)]);
        assert.equal(renewals() - before, 1);
        await other.close();
      });

      it('a consent that was withdrawn at the provider needs its owner, and after reconnecting nothing is missing', async () => {
        const mailbox = await connect(provider);
        await sync(mailbox.id, 2);
        peer().withdraw();
        deliver('in between');
        await sync(mailbox.id, 1);
        const [row] = await rows();
        assert.equal(row?.['status'], 'attention');
        const again = await connect(provider, { mailboxId: mailbox.id });
        assert.equal(again.id, mailbox.id);
        await sync(mailbox.id, 2);
        assert.deepEqual(await scanned(), ['in between']);
      });

      it('whoever connects it anew has chosen anew: an older reading that was not finished ends, or begins again', async () => {
        deliver('old');
        const mailbox = await connect(provider, { days: null });
        assert.deepEqual([(await rows())[0]?.['backfill'], await scanned()], ['running', []], 'not read yet');
        await disconnectMailbox({ ctx, input: { id: mailbox.id } });
        deliver('while nobody read it');
        await connect(provider, { days: 0 });
        deliver('new');
        await sync(mailbox.id, 4);
        assert.deepEqual([(await rows())[0]?.['backfill'], await scanned()], ['done', ['new']]);
        // The same where it only needs its owner; what came in between is not missed there.
        await test.database.admin`update postern.mailboxes set backfill = 'running', backfill_since = null
          where mailbox_id = ${mailbox.id}`;
        peer().withdraw();
        deliver('in between');
        await sync(mailbox.id, 1);
        await connect(provider, { days: 0 });
        await sync(mailbox.id, 4);
        assert.deepEqual([(await rows())[0]?.['backfill'], await scanned()], ['done', ['in between', 'new']]);
        await connect(provider, { days: null });
        await sync(mailbox.id, 4);
        assert.deepEqual(await scanned(), ['in between', 'new', 'old', 'while nobody read it']);
        await connect(provider, { mailboxId: mailbox.id, days: 0 });
        assert.equal((await rows())[0]?.['backfill_since'], null, 'renewing the consent chooses nothing');
      });

      it('disconnecting destroys the tokens and says what the provider still holds', async () => {
        const mailbox = await connect(provider);
        const { revoked, still_held: held } = await disconnectMailbox({ ctx, input: { id: mailbox.id } });
        const [row] = await rows();
        assert.equal(row?.['credentials'], null);
        assert.equal(revoked, provider === 'gmail');
        assert.equal(held.length, provider === 'gmail' ? 0 : 1);
        if (provider === 'gmail') assert.equal(providers.google.revoked.length, 1);
      });

      it('a state works once', async () => {
        const back = await consent((await start(provider)).url);
        const input = { state: back.get('state') ?? '', code: back.get('code') };
        await completeConsent({ ctx, input });
        await refuses('mailbox.consent-expired', () => completeConsent({ ctx, input }));
      });

      it('a person who says no is told so, and the state is spent', async () => {
        peer().answer = 'deny';
        const back = await consent((await start(provider)).url);
        assert.equal(back.get('error'), 'access_denied');
        const input = { state: back.get('state') ?? '', code: null };
        await refuses('mailbox.consent-refused', () => completeConsent({ ctx, input }));
        await refuses('mailbox.consent-expired', () => completeConsent({ ctx, input }));
        assert.equal((await rows()).length, 0);
      });

      it('a code that was made up connects nothing', async () => {
        const back = await consent((await start(provider)).url);
        const input = { state: back.get('state') ?? '', code: 'made-up' };
        await refuses('mailbox.consent-refused', () => completeConsent({ ctx, input }));
      });

      it('asks for reading only, and for more when it is told to', async () => {
        const [read, change] =
          provider === 'gmail' ? ['gmail.readonly', 'gmail.modify'] : ['Mail.Read', 'Mail.ReadWrite'];
        const mailbox = await connect(provider);
        const asked = (n: number) =>
          peer()
            .requests.filter(({ path }) => /auth(orize)?$/.test(path))
            [n]!.query.get('scope')!;
        assert.ok(asked(0).split(/[ /]/).includes(read));
        assert.ok(!asked(0).split(/[ /]/).includes(change));
        const more = await connect(provider, { access: 'change', mailboxId: mailbox.id });
        assert.equal(more.id, mailbox.id);
        assert.ok(asked(1).split(/[ /]/).includes(change));
        const [row] = await rows();
        assert.deepEqual(row?.['settings'], { access: 'change' });
      });
    });
  }

  it('the way to the provider carries PKCE by SHA-256 and the configured redirect, and nothing of the verifier', async () => {
    const { searchParams } = new URL((await start('gmail')).url);
    assert.equal(searchParams.get('code_challenge_method'), 'S256');
    assert.equal(searchParams.get('redirect_uri'), `${URL_OF_POSTERN}/connect/callback`);
    assert.equal(searchParams.get('code_challenge')?.length, 43);
    assert.equal(searchParams.has('code_verifier'), false);
  });

  it('a state of another person, another session or another tenant is worth nothing', async () => {
    const back = await consent((await start('gmail')).url);
    const input = { state: back.get('state') ?? '', code: back.get('code') };
    const colleague = await test.context('org_owner', ctx.identity.tenantId);
    const stranger = await test.context('org_owner');
    for (const other of [colleague, stranger])
      await refuses('mailbox.consent-expired', () => completeConsent({ ctx: other, input }));
    // Somebody who took over another session of the same person burns the state rather than using it.
    const elsewhere = { ...ctx, identity: { ...ctx.identity, sessionId: colleague.identity.sessionId } };
    await refuses('mailbox.consent-expired', () => completeConsent({ ctx: elsewhere, input }));
    await refuses('mailbox.consent-expired', () => completeConsent({ ctx, input }));
    assert.equal((await rows()).length, 0);
  });

  it('a state is void after ten minutes', async () => {
    const back = await consent((await start('gmail')).url);
    await test.database.admin`update postern.mailbox_consents set expires_at = now() - interval '1 second'`;
    const input = { state: back.get('state') ?? '', code: back.get('code') };
    await refuses('mailbox.consent-expired', () => completeConsent({ ctx, input }));
  });

  it('reconnecting with another account changes nothing', async () => {
    const mailbox = await connect('gmail');
    await test.database.admin`update postern.mailboxes set address = 'bob@example.test'
      where tenant_id = ${ctx.identity.tenantId}`;
    const back = await consent((await start('gmail', { mailboxId: mailbox.id })).url);
    const input = { state: back.get('state') ?? '', code: back.get('code') };
    await refuses('mailbox.other-account', () => completeConsent({ ctx, input }));
  });

  it('nobody connects or reconnects the mailbox of somebody else', async () => {
    const mailbox = await connect('gmail');
    const colleague = await test.context('org_owner', ctx.identity.tenantId);
    await refuses('mailbox.not-found', () => start('gmail', { mailboxId: mailbox.id }, colleague));
    const back = await consent((await start('gmail', {}, colleague)).url);
    const input = { state: back.get('state') ?? '', code: back.get('code') };
    await refuses('mailbox.exists', () => completeConsent({ ctx: colleague, input }));
  });

  it('what the organisation had connected of nobody, and let go, is its person’s to connect; what it still reads is not', async () => {
    const add = (status: string, owner: string | null = null) =>
      test.database.admin`insert into postern.mailboxes
        (tenant_id, mailbox_id, owner_id, provider, address, status, directory_id, person_id, abuse_since)
        values (${ctx.identity.tenantId}, gen_random_uuid(), ${owner}, 'gmail', 'ann@example.test', ${status}, gen_random_uuid(), 'g-ann', now())`;
    await add('connected');
    await refuses('mailbox.exists', () => connect('gmail'));
    await test.database
      .admin`update postern.mailboxes set status = 'disconnected' where tenant_id = ${ctx.identity.tenantId}`;
    const mailbox = await connect('gmail');
    assert.deepEqual(
      [mailbox.own, mailbox.directory_id, mailbox.reports, mailbox.state],
      [true, null, null, 'reading'],
      'and their mail is no report',
    );
    assert.equal((await rows()).length, 1);
    await test.database.admin`delete from postern.mailboxes where tenant_id = ${ctx.identity.tenantId}`;
    const colleague = await test.context('org_member', ctx.identity.tenantId);
    await add('disconnected', colleague.identity.userId);
    await refuses('mailbox.exists', () => connect('gmail'));
  });

  it('a provider that the operator has not registered is not offered', async () => {
    const bare = await createTestParts();
    try {
      const member = await bare.context('org_member');
      await refuses('mailbox.provider-not-configured', () =>
        startConsent({ ctx: member, input: { provider: 'gmail', access: null, mailboxId: null, backfillDays: 0 } }),
      );
    } finally {
      await bare.close();
    }
  });
});
