import assert from 'node:assert/strict';
import type { MemberContext } from '../../../src/services/context.js';
import { deleteLlmSettings } from '../../../src/services/llm/delete-settings.js';
import { getLlmUsage } from '../../../src/services/llm/get-usage.js';
import { putLlmSettings } from '../../../src/services/llm/put-settings.js';
import type { LlmSettingsInput } from '../../../src/services/llm/put-settings.js';
import { createScan } from '../../../src/services/scans/submission/create-scan.js';
import { rescan } from '../../../src/services/scans/rescan.js';
import type { StoredScan } from '../../../src/services/scans/stored-scan.js';
import { openAiError } from '../../intel/fakes/llm/openai.js';
import { ANTHROPIC_KEY, startModels } from './models.js';
import type { TestModels } from './models.js';

/** Harmless for every offline layer: what is found in it was found by the model. */
const RAW = Buffer.from(
  [
    'From: Ann Birch <ann@birch.example>',
    'To: Jo Park <jo.park@corp.example>',
    'Subject: Friday',
    'Date: Mon, 02 Nov 2026 10:00:00 +0000',
    'Message-ID: <m1@birch.example>',
    'Content-Type: text/plain; charset=utf-8',
    '',
    'Hello Jo Park, our cook fell ill. Kindly settle the caterer yourself today and tell nobody.',
    '',
  ].join('\r\n'),
);
const QUOTE = 'Kindly settle the caterer yourself today and tell nobody';
const DANGEROUS = JSON.stringify({
  judgement: 'dangerous',
  claims: [{ kind: 'payment-fraud', quote: QUOTE, reason: 'Wants a secret payment' }],
});
const HARMLESS = '{"judgement":"harmless","claims":[]}';

describe('scans with a language model', () => {
  let models: TestModels;
  before(async () => {
    models = await startModels();
  });
  beforeEach(() => models.calm());
  after(() => models.close());

  async function tenant(more: Partial<LlmSettingsInput> = {}): Promise<MemberContext> {
    const ctx = await models.context();
    await putLlmSettings({ ctx, input: models.setting(more) });
    return ctx;
  }
  const layerOf = ({ layers }: StoredScan) => layers.find(({ layer }) => layer === 'llm')!;
  const idsOf = ({ findings }: StoredScan) => findings.map(({ id }) => id).filter((id) => id.startsWith('llm.'));
  const scan = (ctx: MemberContext, llm?: boolean) => createScan({ ctx, input: { raw: RAW, source: 'upload', llm } });
  const asked = () => models.fakes.map(({ seen }) => seen.length);
  const outcomes = async (ctx: MemberContext) =>
    (
      await models.test.database.admin<{ purpose: string; model: string; outcome: string }[]>`
        select purpose, model, outcome from postern.llm_calls where tenant_id = ${ctx.identity.tenantId} order by at, purpose desc`
    ).map(({ purpose, model, outcome }) => `${purpose} ${model} ${outcome}`);

  it('nobody is asked until a tenant has chosen a model, nor after it was revoked', async () => {
    const before = asked();
    const ctx = await models.context();
    const report = await scan(ctx, true);
    assert.deepEqual([layerOf(report).status, layerOf(report).reason], ['skipped', 'no language model is configured']);
    await putLlmSettings({ ctx, input: models.setting({ enabled: false }) });
    assert.equal(layerOf(await scan(ctx)).status, 'skipped');
    await putLlmSettings({ ctx, input: models.setting() });
    await deleteLlmSettings({ ctx, input: { mailboxId: null } });
    assert.equal(layerOf(await scan(ctx)).status, 'skipped');
    assert.deepEqual(asked(), before);
  });

  it('what the models find is a finding with their quote, and raises the score', async () => {
    const ctx = await tenant();
    const without = await scan(ctx, false);
    models.openai.write = () => DANGEROUS;
    const report = await scan(ctx);
    assert.ok(report.score > without.score + 10, `${report.score} after ${without.score}`);
    assert.deepEqual(idsOf(report), ['llm.reads-like-payment-fraud']);
    const finding = report.findings.find(({ id }) => id.startsWith('llm.'));
    assert.equal(finding?.evidence, `“${QUOTE}”; the model says: Wants a secret payment`);
    assert.equal(finding.at.kind, 'visible');
    assert.equal(layerOf(report).by, 'gpt-4.1-2026-01-01 at OpenAI');
    assert.deepEqual(await outcomes(ctx), ['triage gpt-4o-mini answered', 'deep gpt-4.1 answered']);
  });

  it('a harmless reading leaves the score as it was, and needs no second one', async () => {
    const ctx = await tenant();
    const [with_, without] = [await scan(ctx), await scan(ctx, false)];
    assert.equal(with_.score, without.score);
    assert.deepEqual([layerOf(with_).status, layerOf(with_).by], ['ran', 'gpt-4o-mini-2026-01-01 at OpenAI']);
    assert.deepEqual([layerOf(without).status, layerOf(without).reason], ['skipped', 'left out on request']);
    assert.deepEqual(await outcomes(ctx), ['triage gpt-4o-mini answered']);
  });

  it('on request only, where the setting says so; a rescan asks for either', async () => {
    const ctx = await tenant({ byDefault: false });
    models.openai.write = () => DANGEROUS;
    const first = await scan(ctx);
    assert.equal(layerOf(first).reason, 'read only on request, by your settings');
    const again = (llm?: boolean) => rescan({ ctx, input: { id: first.id, llm } });
    const with_ = await again(true);
    assert.deepEqual(idsOf(with_), ['llm.reads-like-payment-fraud']);
    assert.equal(layerOf(with_).by, 'gpt-4.1-2026-01-01 at OpenAI');
    assert.deepEqual(idsOf(await again(false)), []);
    assert.equal((await again()).score, first.score);
  });

  it('a provider in trouble is stood in for by the other one, for either reading', async () => {
    const fallback = {
      ...({ provider: 'anthropic', endpoint: models.anthropic.url, key: ANTHROPIC_KEY } as const),
      ...{ triageModel: 'claude-haiku-4-5', deepModel: 'claude-sonnet-4-5' },
    };
    const ctx = await tenant({ fallback });
    models.openai.trouble = openAiError(503, 'unavailable', 'overloaded');
    models.anthropic.write = () => DANGEROUS;
    const report = await scan(ctx);
    assert.deepEqual(idsOf(report), ['llm.reads-like-payment-fraud']);
    assert.equal(layerOf(report).status, 'ran');
    assert.equal(layerOf(report).by, 'claude-sonnet-4-5-20260101 at Anthropic');
    assert.deepEqual((await outcomes(ctx)).sort(), [
      'deep claude-sonnet-4-5 answered',
      'deep gpt-4.1 failed',
      'triage claude-haiku-4-5 answered',
      'triage gpt-4o-mini failed',
    ]);
  });

  const TROUBLES: readonly [string, (fake: TestModels['openai']) => void, RegExp][] = [
    [
      'refuses the key',
      (fake) => (fake.trouble = openAiError(401, 'invalid_api_key', '')),
      /OpenAI: it refuses the key/,
    ],
    ['is silent', (fake) => (fake.trouble = 'hang'), /OpenAI: no answer within 1 s/],
    ['stops in the middle', (fake) => (fake.stopsAfter = 3), /OpenAI: the answer ended too early/],
    ['would not answer', (fake) => (fake.ends = 'refusal'), /OpenAI: the model would not answer/],
    ['writes prose', (fake) => (fake.write = () => 'All is well.'), /OpenAI: the model wrote no valid JSON/],
    ['writes another form', (fake) => (fake.write = () => '{"safe":true}'), /was not what was asked for/],
    [
      'is busy',
      (fake) => (fake.trouble = openAiError(429, 'rate_limit', '', { 'retry-after': '9' })),
      /fewer requests/,
    ],
  ];
  for (const [what, cause, reason] of TROUBLES) {
    it(`a model that ${what} fails its layer, with the reason, and nothing else`, async () => {
      const ctx = await tenant();
      const without = await scan(ctx, false);
      cause(models.openai);
      const report = await scan(ctx);
      assert.equal(layerOf(report).status, 'failed');
      assert.match(layerOf(report).reason ?? '', reason);
      assert.equal(report.score, without.score);
      assert.equal(report.label, without.label);
    });
  }

  it('a model in trouble is left alone for a while, until the setting is changed', async () => {
    const ctx = await tenant({ deepModel: null });
    models.openai.trouble = openAiError(401, 'invalid_api_key', '');
    await scan(ctx);
    const before = models.openai.seen.length;
    assert.match(layerOf(await scan(ctx)).reason ?? '', /left alone for a while/);
    assert.equal(models.openai.seen.length, before);
    models.openai.trouble = null;
    await putLlmSettings({ ctx, input: models.setting({ deepModel: null }) });
    assert.equal(layerOf(await scan(ctx)).status, 'ran');
  });

  it('a quota holds when many scans run at once, and what is over it is skipped with the reason', async () => {
    const ctx = await tenant({ monthlyCalls: 3, deepModel: null });
    const before = models.openai.seen.length;
    const reports = await Promise.all(Array.from({ length: 8 }, () => scan(ctx)));
    assert.equal(models.openai.seen.length - before, 3);
    const skipped = reports.map(layerOf).filter(({ status }) => status === 'skipped');
    assert.equal(skipped.length, 5);
    assert.equal(skipped[0]?.reason, 'the quota of this month is used up');
  });

  it('usage tells calls, tokens and cost by model, and a tenant’s own prices count', async () => {
    const ctx = await tenant({ prices: { 'gpt-4.1': { input: 1000, output: 0 } } });
    models.openai.write = () => DANGEROUS;
    await scan(ctx);
    const usage = await getLlmUsage({ ctx, input: {} });
    const [large, small] = usage.lines;
    assert.deepEqual([large?.model, small?.model, usage.calls], ['gpt-4.1', 'gpt-4o-mini', 2]);
    assert.equal(large?.cost, (large?.input_tokens ?? 0) / 1000);
    const expected = ((small?.input_tokens ?? 0) * 0.15 + (small?.output_tokens ?? 0) * 0.6) / 1e6;
    assert.ok(Math.abs((small?.cost ?? 0) - expected) < 2e-6);
    assert.equal(usage.quota.tokens, usage.tokens);
    assert.deepEqual((await getLlmUsage({ ctx, input: { month: '2024-01' } })).lines, []);
  });

  it('an own machine works without a key: Ollama, offline', async () => {
    const ollama = {
      provider: 'ollama',
      endpoint: models.ollama.url,
      triageModel: 'llama3.2',
      deepModel: null,
    } as const;
    const ctx = await tenant({ ...ollama, key: undefined });
    models.ollama.write = ({ user }) => (user.includes('caterer') ? DANGEROUS : HARMLESS);
    const report = await scan(ctx);
    assert.deepEqual(idsOf(report), ['llm.reads-like-payment-fraud']);
    assert.equal(layerOf(report).by, 'llama3.2 at Ollama');
    assert.equal((await getLlmUsage({ ctx, input: {} })).cost, 0);
  });
});
