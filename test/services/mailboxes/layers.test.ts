import assert from 'node:assert/strict';
import type { MemberContext } from '../../../src/services/context.js';
import { putLlmSettings } from '../../../src/services/llm/put-settings.js';
import { browseMailbox } from '../../../src/services/mailboxes/browse-mailbox.js';
import { scanFromMailbox } from '../../../src/services/mailboxes/scan-from-mailbox.js';
import { message } from '../../contracts/connector-contract.js';
import { startDovecotOrSkip } from '../../helpers/dovecot.js';
import type { Dovecot } from '../../helpers/dovecot.js';
import { windowsOn } from '../../helpers/windows.js';
import { refuses } from '../../helpers/refuses.js';
import { KnownProfiles } from '../../../src/services/scans/known-profiles.js';
import { createScan } from '../../../src/services/scans/submission/create-scan.js';
import { startModels } from '../llm/models.js';
import type { TestModels } from '../llm/models.js';
import { connectMailbox, syncToTheEnd } from './mailbox.js';

/** What a connected mailbox has in common with every other way in: the history of senders, the language model, the limits. */
describe('what reads along in a mailbox', function () {
  this.timeout(60_000);
  let dovecot: Dovecot;
  let models: TestModels;
  let ctx: MemberContext;
  const closing: (() => Promise<void>)[] = [];
  before(async function () {
    dovecot = await startDovecotOrSkip(this);
    closing.push(() => dovecot.close());
    models = await startModels();
    closing.push(() => models.close());
  });
  beforeEach(async () => {
    models.calm();
    const member = await models.context();
    const trustedAuthservIds = ['mx.example.test'];
    const profiles = new KnownProfiles(trustedAuthservIds);
    ctx = { ...member, parts: { ...member.parts, trustedAuthservIds, profiles } };
  });
  after(async () => {
    for (const close of closing.reverse()) await close();
  });

  const proven = (subject: string): Buffer =>
    Buffer.concat([
      Buffer.from('Authentication-Results: mx.example.test; dkim=pass header.d=example.test\r\n'),
      message(subject),
    ]);
  const counted = async (): Promise<number[]> => {
    const rows = await models.test.database.admin<{ messages: number }[]>`
      select messages from postern.sender_history where tenant_id = ${ctx.identity.tenantId}`;
    return rows.map(({ messages }) => messages);
  };
  const findingsOf = async (subject: string): Promise<string[]> => {
    const [row] = await models.test.database.admin<{ verdict: { findings: { id: string }[] } }[]>`
      select verdict from postern.scans where tenant_id = ${ctx.identity.tenantId} and subject = ${subject}`;
    return (row?.verdict.findings ?? []).map(({ id }) => id);
  };

  it('who is proven to have written is known the next time; a page that is read again counts nobody twice', async () => {
    const mailbox = await connectMailbox(ctx, dovecot);
    for (let n = 0; n < 3; n += 1) dovecot.deliver(mailbox.user, proven(`earlier ${n}`));
    dovecot.deliver(mailbox.user, message('not proven'));
    const { cursor } = await syncToTheEnd(ctx, mailbox.id);
    assert.deepEqual(await counted(), [3]);
    assert.ok((await findingsOf('earlier 0')).includes('headers.first-time-sender'));
    dovecot.deliver(mailbox.user, proven('fourth'));
    await syncToTheEnd(ctx, mailbox.id);
    assert.deepEqual(await counted(), [4]);
    const fourth = await findingsOf('fourth');
    assert.ok(fourth.includes('headers.known-sender'), fourth.join());
    await models.test.database.admin`update postern.mailboxes set cursor = ${cursor} where mailbox_id = ${mailbox.id}`;
    await syncToTheEnd(ctx, mailbox.id);
    assert.deepEqual(await counted(), [4]);
  });

  it('a message that the mail server asked about before is counted once, and is no earlier one of itself', async () => {
    const mailbox = await connectMailbox(ctx, dovecot);
    const raw = Buffer.concat([Buffer.from('Message-ID: <asked@example.test>\r\n'), proven('asked about')]);
    await createScan({ ctx, input: { raw, source: 'checkv2' } });
    dovecot.deliver(mailbox.user, Buffer.concat([Buffer.from('Delivered-To: ann@example.test\r\n'), raw]));
    await syncToTheEnd(ctx, mailbox.id);
    assert.deepEqual(await counted(), [1]);
    const both = await models.test.database.admin<{ source: string; first: boolean }[]>`
      select source, verdict -> 'findings' @> '[{"id":"headers.first-time-sender"}]' as first from postern.scans
      where tenant_id = ${ctx.identity.tenantId} order by source`;
    assert.deepEqual(
      both.map(({ source, first }) => [source, first]),
      [
        ['checkv2', true],
        ['mailbox', true],
      ],
    );
  });

  it('a language model reads where the setting that counts for the mailbox says so', async () => {
    const [read, spared] = [await connectMailbox(ctx, dovecot), await connectMailbox(ctx, dovecot)];
    await putLlmSettings({ ctx, input: models.setting() });
    await putLlmSettings({ ctx, input: models.setting({ mailboxId: spared.id, enabled: false }) });
    dovecot.deliver(read.user, message('to be read'));
    dovecot.deliver(spared.user, message('for nobody else'));
    for (const { id } of [read, spared]) await syncToTheEnd(ctx, id);
    const calls = await models.test.database.admin<{ mailbox_id: string; purpose: string }[]>`
      select mailbox_id, purpose from postern.llm_calls where tenant_id = ${ctx.identity.tenantId}`;
    assert.deepEqual([...calls], [{ mailbox_id: read.id, purpose: 'triage' }]);
  });

  it('what somebody picks counts against the limit of scans, once', async () => {
    const mailbox = await connectMailbox(ctx, dovecot, { backfillDays: 0 });
    for (const subject of ['one', 'two']) dovecot.deliver(mailbox.user, message(subject));
    const tenant = windowsOn(ctx.parts.store)('scans-tenant', 1, 60_000);
    const limited = { ...ctx, parts: { ...ctx.parts, scanLimits: { key: null, tenant } } };
    const signal = AbortSignal.timeout(20_000);
    const { items } = await browseMailbox({ ctx, input: { id: mailbox.id, limit: 10, cursor: null, signal } });
    const [one, two] = items.map(({ message_id: id }) => id);
    const pick = (messageId: string) =>
      scanFromMailbox({ ctx: limited, input: { mailboxId: mailbox.id, messageId, signal } });
    const { id } = await pick(one!);
    assert.equal((await pick(one!)).id, id);
    await refuses('request.rate-limited', () => pick(two!));
  });
});
