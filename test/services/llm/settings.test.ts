import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { MemberContext } from '../../../src/services/context.js';
import { deleteLlmSettings } from '../../../src/services/llm/delete-settings.js';
import { getLlmAvailability } from '../../../src/services/llm/get-availability.js';
import { getLlmSettings } from '../../../src/services/llm/get-settings.js';
import { getLlmUsage } from '../../../src/services/llm/get-usage.js';
import { listLlmProviders } from '../../../src/services/llm/list-providers.js';
import { putLlmSettings } from '../../../src/services/llm/put-settings.js';
import type { LlmSettingsInput } from '../../../src/services/llm/put-settings.js';
import { testLlmSettings } from '../../../src/services/llm/test-settings.js';
import { openAiError } from '../../intel/fakes/llm/openai.js';
import { ANTHROPIC_KEY, OPENAI_KEY, startModels } from './models.js';
import type { TestModels } from './models.js';

describe('settings of the language model', () => {
  let models: TestModels;
  before(async () => {
    models = await startModels();
  });
  beforeEach(() => models.calm());
  after(() => models.close());

  const put = (ctx: MemberContext, more: Partial<LlmSettingsInput> = {}) =>
    putLlmSettings({ ctx, input: models.setting(more) });
  const audit = async (ctx: MemberContext) =>
    (
      await models.test.database.admin<{ actor: string; action: string; details: Record<string, unknown> }[]>`
        select actor, action, details from postern.audit_events
        where tenant_id = ${ctx.identity.tenantId} and action like 'llm.%' order by event_id`
    ).map(({ actor, action, details }) => ({ actor, action, details }));

  it('a key is sealed, opens for its own tenant only, and is in no answer', async () => {
    const ctx = await models.context();
    const view = await put(ctx);
    assert.doesNotMatch(JSON.stringify([view, await getLlmSettings({ ctx })]), /sk-test/);
    assert.notEqual(view.key_set_at, null);
    const rows = await models.test.database.admin<{ sealed: string; text: string }[]>`
      select sealed, (select string_agg(s::text, ' ') from postern.llm_settings s) as text from postern.llm_keys
      where tenant_id = ${ctx.identity.tenantId}`;
    assert.equal(rows.length, 1);
    assert.doesNotMatch(`${rows[0]!.sealed} ${rows[0]!.text}`, /sk-test/);
    const other = await models.context();
    await put(other, { key: 'sk-of-the-other' });
    // A row copied by whoever holds the database opens nothing elsewhere.
    await models.test.database.admin`update postern.llm_keys set sealed = ${rows[0]!.sealed}
      where tenant_id = ${other.identity.tenantId}`;
    const { models: tested } = await testLlmSettings({ ctx: other, input: { mailboxId: null } });
    assert.deepEqual(
      tested.map(({ says }) => says),
      ['OpenAI: no key is stored that opens', 'OpenAI: no key is stored that opens'],
    );
  });

  it('turning it on is recorded with who and to whom, as is every change, without the key', async () => {
    const ctx = await models.context();
    await put(ctx, { enabled: false });
    await put(ctx, { key: undefined });
    await put(ctx, { key: 'sk-rotated-1' });
    await put(ctx, { enabled: false, key: null });
    await deleteLlmSettings({ ctx, input: { mailboxId: null } });
    const events = await audit(ctx);
    assert.deepEqual(
      events.map(({ action, details }) => `${action} ${String(details['key'])}`),
      [
        'llm.settings-changed set',
        'llm.enabled kept',
        'llm.settings-changed set',
        'llm.disabled revoked',
        'llm.revoked undefined',
      ],
    );
    assert.equal(events[1]?.actor, `user:${ctx.identity.userId}`);
    assert.equal(events[1].details['provider'], 'openai');
    assert.equal(events[1].details['endpoint'], `${models.openai.url}/v1`);
    assert.doesNotMatch(JSON.stringify(events), /sk-/);
  });

  it('a stored key never goes to another server than it was given for', async () => {
    const ctx = await models.context();
    await put(ctx);
    const elsewhere = { provider: 'openai-compatible', endpoint: `${models.ollama.url}/v1`, key: undefined } as const;
    const moved = await put(ctx, elsewhere);
    assert.equal(moved.key_set_at, null);
    const before = models.ollama.seen.length;
    await testLlmSettings({ ctx, input: { mailboxId: null } });
    for (const { headers } of models.ollama.seen.slice(before)) assert.equal(headers['authorization'], undefined);
    await put(ctx);
    await assert.rejects(put(ctx, { endpoint: `${models.anthropic.url}/v1`, key: undefined }), {
      code: 'request.invalid',
    });
    // Another path on the same server is the same server.
    assert.notEqual((await put(ctx, { endpoint: `${models.openai.url}/v1/`, key: undefined })).key_set_at, null);
  });

  it('endpoints are public ones with https, or such as the operator has named', async () => {
    const ctx = await models.context();
    const compatible = { provider: 'openai-compatible', key: undefined } as const;
    for (const endpoint of ['http://models.example/v1', 'http://127.0.0.1:1/v1', 'http://localhost:11434'])
      await assert.rejects(put(ctx, { ...compatible, endpoint }), { code: 'llm.endpoint-not-allowed' }, endpoint);
    for (const endpoint of ['https://u:p@a.example', 'https://a.example/?x=1', 'ftp://a.example', 'nonsense'])
      await assert.rejects(put(ctx, { ...compatible, endpoint }), { code: 'request.invalid' }, endpoint);
    await assert.rejects(put(ctx, { ...compatible, endpoint: undefined }), { code: 'request.invalid' });
    // Where it leads is seen when it is connected to.
    for (const endpoint of ['https://127.0.0.1:1/v1', 'https://[::1]/v1', 'https://169.254.169.254/v1']) {
      await put(ctx, { ...compatible, endpoint, deepModel: null });
      const { models: tested } = await testLlmSettings({ ctx, input: { mailboxId: null } });
      assert.equal(tested[0]?.says, 'OpenAI-compatible server: the address is not a public one', endpoint);
    }
  });

  it('a test asks every model one question without any mail, and tells what came back', async () => {
    const ctx = await models.context();
    const fallback = { provider: 'anthropic', endpoint: models.anthropic.url, key: ANTHROPIC_KEY } as const;
    await put(ctx, { fallback: { ...fallback, triageModel: 'claude-haiku-4-5' } });
    models.openai.write = () => '{"word":"ready"}';
    models.anthropic.write = () => '{"wort":"bereit"}';
    const { models: tested } = await testLlmSettings({ ctx, input: { mailboxId: null } });
    assert.deepEqual(
      tested.map(({ provider, model, ok, says }) => [provider, model, ok, says]),
      [
        ['OpenAI', 'gpt-4o-mini', true, 'it answers “ready”'],
        ['OpenAI', 'gpt-4.1', true, 'it answers “ready”'],
        ['Anthropic', 'claude-haiku-4-5', false, 'it answers, but does not keep to the form asked for'],
      ],
    );
    models.openai.trouble = openAiError(401, 'invalid_api_key', OPENAI_KEY);
    const [failed] = (await testLlmSettings({ ctx, input: { mailboxId: null } })).models;
    assert.deepEqual([failed?.ok, failed?.says], [false, 'OpenAI: it refuses the key']);
    assert.equal((await getLlmUsage({ ctx, input: {} })).calls, 6);
  });

  it('a mailbox has its own setting, provider and key', async () => {
    const ctx = await models.context();
    const mailboxId = randomUUID();
    await models.test.database.admin`insert into postern.mailboxes (tenant_id, mailbox_id, owner_id, provider, address)
      values (${ctx.identity.tenantId}, ${mailboxId}, ${ctx.identity.userId}, 'imap', 'jo@corp.example')`;
    await put(ctx);
    const own = { provider: 'anthropic', endpoint: models.anthropic.url, key: ANTHROPIC_KEY } as const;
    await put(ctx, { mailboxId, ...own, triageModel: 'claude-haiku-4-5', deepModel: null });
    models.anthropic.write = () => '{"word":"ready"}';
    const { models: tested } = await testLlmSettings({ ctx, input: { mailboxId } });
    assert.deepEqual(
      tested.map(({ provider, ok }) => [provider, ok]),
      [['Anthropic', true]],
    );
    const { tenant, mailboxes } = await getLlmSettings({ ctx });
    assert.deepEqual([tenant?.provider, mailboxes.map((one) => one.provider)], ['openai', ['anthropic']]);
    await deleteLlmSettings({ ctx, input: { mailboxId } });
    assert.equal((await getLlmSettings({ ctx })).mailboxes.length, 0);
    await assert.rejects(put(ctx, { mailboxId: randomUUID() }), { code: 'request.not-found' });
    await assert.rejects(testLlmSettings({ ctx, input: { mailboxId } }), { code: 'request.not-found' });
  });

  it('administrators and whoever has a tenant alone may change it; members may know of it', async () => {
    const owner = await models.context();
    await put(owner);
    for (const role of ['org_admin', 'user'] as const) await put(await models.context(role, owner.identity.tenantId));
    const member = await models.context('org_member', owner.identity.tenantId);
    const forbidden = { code: 'auth.forbidden' };
    await assert.rejects(put(member), forbidden);
    await assert.rejects(getLlmSettings({ ctx: member }), forbidden);
    await assert.rejects(deleteLlmSettings({ ctx: member, input: { mailboxId: null } }), forbidden);
    await assert.rejects(testLlmSettings({ ctx: member, input: { mailboxId: null } }), forbidden);
    await assert.rejects(getLlmUsage({ ctx: member, input: {} }), forbidden);
    assert.deepEqual(await getLlmAvailability({ ctx: member }), {
      ...{ available: true, by_default: true, provider: 'OpenAI' },
    });
  });

  it('in another tenant nothing of it is there', async () => {
    await put(await models.context());
    const other = await models.context();
    assert.deepEqual(await getLlmSettings({ ctx: other }), { tenant: null, mailboxes: [] });
    assert.equal((await getLlmAvailability({ ctx: other })).available, false);
    await assert.rejects(deleteLlmSettings({ ctx: other, input: { mailboxId: null } }), { code: 'request.not-found' });
    assert.deepEqual((await getLlmUsage({ ctx: other, input: {} })).lines, []);
  });

  it('every provider says what it does with data, with its page and when that was read', async () => {
    const providers = listLlmProviders({ ctx: await models.context('org_member') });
    assert.equal(providers.length, 5);
    for (const { policy, name, id } of providers) {
      assert.match(policy.as_of, /^20\d\d-\d\d$/);
      for (const text of [name, policy.training, policy.retention, policy.opt_out, policy.region])
        assert.notEqual(text, '');
      assert.equal(policy.source === null, id === 'openai-compatible');
    }
  });
});
