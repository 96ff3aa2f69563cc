import assert from 'node:assert/strict';
import type { MemberContext } from '../../../src/services/context.js';
import { putLlmSettings } from '../../../src/services/llm/put-settings.js';
import { testLlmSettings } from '../../../src/services/llm/test-settings.js';
import { createScan } from '../../../src/services/scans/submission/create-scan.js';
import { rescan } from '../../../src/services/scans/rescan.js';
import { ANTHROPIC_KEY, OPENAI_KEY, startModels } from './models.js';
import type { TestModels } from './models.js';

/** A message in which nearly everything is somebody's business. */
const RAW = Buffer.from(
  [
    'Return-Path: <bounce-jo.park=corp.example@birch.example>',
    'Received: from laptop.corp.example ([10.1.2.3]) by mx.corp.example; Tue, 12 May 2026 09:14:01 +0000',
    'From: Ann Birch <ann.birch@birch.example>',
    'To: Jo Park <jo.park@corp.example>, "Lee, Kim" <kim.lee@corp.example>',
    'Cc: Dana Fox <dana@fox.example>',
    'Subject: Jo Park: invoice 4471-2290-17',
    'Date: Tue, 12 May 2026 09:14:01 +0000',
    'Message-ID: <m1.secret@birch.example>',
    'X-Customer: 99887766',
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary=b1',
    '',
    '--b1',
    'Content-Type: text/html; charset=utf-8',
    '',
    '<p>Dear Mr. Olaf Stern, dear Kim Lee,</p>' +
      '<p>transfer to DE89 3704 0044 0532 0130 00, card 4111 1111 1111 1111, call +44 20 7946 0958.</p>' +
      '<p>Your code is 884213, our key AKIA1234567890ABCDEF12. Write to dana@fox.example or jo.park@corp.example.</p>' +
      '<p style="display:none">hidden albatross</p>' +
      '<p><a href="https://files.birch.example/view/9f31ab77c0de4f5a?for=jo.park%40corp.example#jo.park">the invoice</a> and ' +
      '<a href="https://intra.corp.example/merger-plan">the plan</a></p>',
    '--b1',
    'Content-Type: application/octet-stream; name="jo.park contract.dat"',
    'Content-Disposition: attachment; filename="jo.park contract.dat"',
    '',
    'the contract, word for word',
    '--b1--',
    '',
  ].join('\r\n'),
);
const PRIVATE =
  /jo.?park|kim|\blee\b|dana|olaf|\bstern\b|ann\.birch|corp\.example|DE89|3704|4111|7946|884213|AKIA|9f31ab|merger|albatross|contract, word|10\.1\.2\.3|99887766|m1\.secret|4471-2290/i;

describe('what leaves the machine for a language model', () => {
  let models: TestModels;
  before(async () => {
    models = await startModels();
  });
  beforeEach(() => models.calm());
  after(() => models.close());

  const count = () => models.fakes.map(({ seen }) => seen.length);
  const scan = (ctx: MemberContext, llm?: boolean) => createScan({ ctx, input: { raw: RAW, source: 'upload', llm } });
  const CHOICES = {
    openai: () => models.setting(),
    anthropic: () =>
      models.setting({
        ...{ provider: 'anthropic', endpoint: models.anthropic.url, key: ANTHROPIC_KEY },
        ...{ triageModel: 'claude-haiku-4-5', deepModel: 'claude-sonnet-4-5' },
      }),
    ollama: () =>
      models.setting({
        ...{
          provider: 'ollama',
          endpoint: models.ollama.url,
          triageModel: 'llama3.2',
          deepModel: null,
          key: undefined,
        },
      }),
  } as const;

  it('nothing: before a tenant turns it on, after it turns it off, when a scan says no, and for other tenants', async () => {
    const ctx = await models.context();
    await scan(ctx, true);
    await putLlmSettings({ ctx, input: models.setting({ enabled: false }) });
    await scan(ctx, true);
    await putLlmSettings({ ctx, input: models.setting({ byDefault: false }) });
    const { id } = await scan(ctx);
    await scan(ctx, false);
    await rescan({ ctx, input: { id, llm: false } });
    await scan(await models.context(), true);
    assert.deepEqual(count(), [0, 0, 0]);
  });

  for (const name of ['openai', 'anthropic', 'ollama'] as const) {
    it(`the letter without personal data, the key for its own server, and not one thing more: ${name}`, async () => {
      const ctx = await models.context();
      await putLlmSettings({ ctx, input: CHOICES[name]() });
      models[name].write = () => '{"judgement":"unsure","claims":[]}';
      const before = models[name].seen.length;
      await scan(ctx);
      const sent = models[name].seen.slice(before);
      assert.equal(sent.length, name === 'ollama' ? 1 : 2);
      for (const { method, target, headers, body } of sent) {
        assert.equal(method, 'POST');
        const known = new Set(['host', 'connection', 'user-agent', 'content-type', 'content-length']);
        const own = Object.keys(headers).filter((header) => !known.has(header));
        const keys = { openai: ['authorization'], anthropic: ['x-api-key', 'anthropic-version'], ollama: [] }[name];
        assert.deepEqual(own.sort(), [...keys].sort());
        assert.equal(headers['user-agent'], 'postern');
        assert.doesNotMatch(`${target} ${JSON.stringify(headers)} ${body}`, PRIVATE);
        const { tenantId, userId } = ctx.identity;
        for (const id of [tenantId, userId]) assert.ok(!body.includes(id));
        for (const key of [OPENAI_KEY, ANTHROPIC_KEY]) assert.ok(!body.includes(key));
        assert.match(body, /files\.birch\.example\/view/);
        const letter = /(={5}[0-9a-f]{24}={5})([^]*)\1/.exec(userText(body))?.[2] ?? '';
        assert.ok(letter.length > 300 && letter.length <= 6002, String(letter.length));
      }
    });
  }

  it('a longer message is cut: 6,000 characters, whatever it is made of', async () => {
    const ctx = await models.context();
    await putLlmSettings({ ctx, input: CHOICES.ollama() });
    const long = Buffer.from(`From: a@b.example\r\nSubject: s\r\n\r\n${'All work and no play. '.repeat(4000)}`);
    await createScan({ ctx, input: { raw: long, source: 'upload' } });
    const body = models.ollama.seen.at(-1)?.body ?? '';
    const letter = /(={5}[0-9a-f]{24}={5})\n([^]*)\n\1/.exec(userText(body))?.[2] ?? '';
    assert.ok(letter.length > 5500 && letter.length <= 6000, String(letter.length));
  });

  it('a test of the settings sends nothing of any mail', async () => {
    const ctx = await models.context();
    await putLlmSettings({ ctx, input: CHOICES.openai() });
    await scan(ctx, false);
    const before = models.openai.seen.length;
    await testLlmSettings({ ctx, input: { mailboxId: null } });
    const sent = models.openai.seen.slice(before);
    assert.equal(sent.length, 2);
    for (const { body } of sent) assert.match(userText(body), /^Answer with the word "ready"\.$/);
  });
});

function userText(body: string): string {
  const { messages } = JSON.parse(body) as { messages: readonly { role: string; content: string }[] };
  return messages.find(({ role }) => role === 'user')?.content ?? '';
}
