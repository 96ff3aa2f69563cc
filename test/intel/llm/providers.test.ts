import assert from 'node:assert/strict';
import { createAnthropic } from '../../../src/intel/llm/anthropic.js';
import { createAzureOpenAi } from '../../../src/intel/llm/azure-openai.js';
import { createOllama } from '../../../src/intel/llm/ollama.js';
import { createOpenAiCompatible } from '../../../src/intel/llm/openai-compatible.js';
import { createOpenAi } from '../../../src/intel/llm/openai.js';
import type { LlmFaultKind, LlmProvider } from '../../../src/intel/llm/provider.js';
import { createHttpClient } from '../../../src/net/http-client.js';
import type { HttpClient } from '../../../src/net/http-client.js';
import type { Behaviour } from '../../helpers/web-server.js';
import { anthropicError, startAnthropic } from '../fakes/llm/anthropic.js';
import { eventStream, jsonReply } from '../fakes/llm/fake-model.js';
import type { FakeModel } from '../fakes/llm/fake-model.js';
import { ndjson, startOllama } from '../fakes/llm/ollama.js';
import { openAiError, startOpenAi } from '../fakes/llm/openai.js';

const SCHEMA = {
  type: 'object',
  properties: { word: { type: 'string' } },
  required: ['word'],
  additionalProperties: false,
};
const ANSWER = '{"word":"grüße, 世界 🌍"}';

interface Format {
  readonly name: string;
  readonly start: () => Promise<FakeModel>;
  readonly create: (endpoint: string, http: HttpClient, key: string) => LlmProvider;
  /** Whether a wrong key can be told. */
  readonly keyed: boolean;
  readonly error: (status: number, code: string, headers?: Readonly<Record<string, string>>) => Behaviour;
  /** In the words of the format. */
  readonly ends: { readonly declined: string | null; readonly long: string };
  /** An error in the middle of an answer that began well. */
  readonly halfway: Behaviour;
}

const halfway = (data: object) => eventStream([`data: ${JSON.stringify(data)}`]);
const openAiHalfway = halfway({ error: { message: 'The server had an error', type: 'server_error' } });

const FORMATS: readonly Format[] = [
  {
    name: 'OpenAI',
    start: () => startOpenAi({ flavour: 'openai', key: 'k', models: ['m'] }),
    create: (url, http, key) => createOpenAi({ http, key, endpoint: `${url}/v1` }),
    keyed: true,
    error: (status, code, headers) => openAiError(status, code, code, headers),
    ends: { declined: 'refusal', long: 'length' },
    halfway: openAiHalfway,
  },
  {
    name: 'a server like OpenAI',
    start: () => startOpenAi({ flavour: 'compatible', key: 'k', models: ['m'] }),
    create: (url, http, key) => createOpenAiCompatible({ http, key, endpoint: `${url}/v1/` }),
    keyed: true,
    error: (status, code, headers) => openAiError(status, code, code, headers),
    ends: { declined: 'content_filter', long: 'length' },
    halfway: openAiHalfway,
  },
  {
    name: 'Azure OpenAI',
    start: () => startOpenAi({ flavour: 'azure', key: 'k', models: ['m'] }),
    create: (url, http, key) => createAzureOpenAi({ http, key, endpoint: url, apiVersion: '2024-10-21' }),
    keyed: true,
    error: (status, code, headers) => openAiError(status, code, code, headers),
    ends: { declined: 'content_filter', long: 'length' },
    halfway: openAiHalfway,
  },
  {
    name: 'Anthropic',
    start: () => startAnthropic('k', ['m']),
    create: (url, http, key) => createAnthropic({ http, key, endpoint: url }),
    keyed: true,
    error: (status, code, headers) => anthropicError(status, code, code, headers),
    ends: { declined: 'refusal', long: 'max_tokens' },
    halfway: halfway({ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }),
  },
  {
    name: 'Ollama',
    start: () => startOllama(['m']),
    create: (url, http) => createOllama({ http, key: null, endpoint: url }),
    keyed: false,
    error: (status, code, headers) => jsonReply(status, { error: code }, headers),
    ends: { declined: null, long: 'length' },
    halfway: ndjson([{ error: 'an error was encountered while running the model' }]),
  },
];

for (const format of FORMATS) {
  describe(`language model: ${format.name}`, () => {
    let fake: FakeModel;
    let http: HttpClient;
    before(async () => {
      fake = await format.start();
      http = createHttpClient({ timeoutMs: 600, idleMs: 200, maxBytes: 100_000 });
    });
    beforeEach(() => {
      fake.write = () => ANSWER;
      fake.trouble = null;
      fake.stopsAfter = null;
      fake.ends = null;
    });
    after(async () => {
      await http.close();
      await fake.close();
    });

    const ask = (more: { readonly key?: string; readonly model?: string; readonly signal?: AbortSignal } = {}) =>
      format.create(fake.url, http, more.key ?? 'k').complete({
        ...{ model: more.model ?? 'm', system: 'Judge.', user: 'A mail.', schema: SCHEMA, maxTokens: 100 },
        signal: more.signal ?? new AbortController().signal,
      });
    const fault = (kind: LlmFaultKind, retryAfterSeconds: number | null = null) => ({
      name: 'LlmFault',
      kind,
      retryAfterSeconds,
    });

    it('puts a streamed answer together, and counts its tokens', async () => {
      const { json, model, inputTokens, outputTokens } = await ask();
      assert.deepEqual(json, JSON.parse(ANSWER));
      assert.match(model, /^m/);
      assert.equal(inputTokens, Math.ceil('Judge.A mail.'.length / 4));
      assert.equal(outputTokens, Math.ceil(ANSWER.length / 4));
    });

    it('sends one request that its pages know, and nothing of its own', async () => {
      const before = fake.seen.length;
      await ask();
      assert.equal(fake.seen.length, before + 1);
      assert.doesNotMatch(fake.seen.at(-1)?.body ?? '', /tool|function/);
    });

    it('tells a stream that ends too early from a short answer, wherever it ends', async () => {
      for (const pieces of [0, 1, 3]) {
        fake.stopsAfter = pieces;
        await assert.rejects(ask(), fault('stopped'), String(pieces));
      }
    });

    it('does not wait for a stream that falls silent, and notices one that breaks', async () => {
      const begun = eventStream(['data: {"choices":[]}']);
      fake.trouble = { begins: begun, then: 'silence' };
      await assert.rejects(ask(), fault('timeout'));
      fake.trouble = { begins: begun, then: 'break' };
      await assert.rejects(ask(), fault('unreachable'));
    });

    it('knows an answer that was longer than allowed, and what it cost', async () => {
      fake.ends = format.ends.long;
      await assert.rejects(ask(), (error: { kind: string; usage: { outputTokens: number | null } }) => {
        assert.equal(error.kind, 'stopped');
        assert.equal(error.usage.outputTokens, Math.ceil(ANSWER.length / 4));
        return true;
      });
    });

    if (format.ends.declined !== null) {
      it('knows a model that would not answer', async () => {
        fake.ends = format.ends.declined;
        await assert.rejects(ask(), fault('declined'));
      });
    }

    it('reads JSON inside a fence, and calls anything else malformed', async () => {
      fake.write = () => `\`\`\`json\n${ANSWER}\n\`\`\``;
      assert.deepEqual((await ask()).json, JSON.parse(ANSWER));
      for (const written of ['', 'I think it is fine.', '{"word":', `${ANSWER} Hope that helps`]) {
        fake.write = () => written;
        await assert.rejects(ask(), fault('malformed'), written);
      }
    });

    const TROUBLES: readonly [string, Behaviour, object][] = [
      ['a key that may not', format.error(403, 'permission_error'), fault('refused')],
      ['too many requests', format.error(429, 'rate_limit_error', { 'retry-after': '17' }), fault('busy', 17)],
      ['too many, without a word how long', format.error(429, 'rate_limit_error'), fault('busy')],
      ['a request that is not accepted', format.error(400, 'invalid_request_error'), fault('unanswerable')],
      ['500', format.error(500, 'api_error'), fault('failed')],
      ['503 with Retry-After', format.error(503, 'unavailable', { 'retry-after': '5' }), fault('failed', 5)],
      ['529', format.error(529, 'overloaded_error'), fault('failed')],
      ['an error halfway', format.halfway, fault('failed')],
      ['a page', { status: 200, headers: { 'content-type': 'text/html' }, body: '<p>' }, fault('malformed')],
      ['a redirect', { status: 302, headers: { location: 'http://127.0.0.1/' } }, fault('failed')],
      ['a huge answer', eventStream([`data: "${'x'.repeat(200_000)}"`]), fault('malformed')],
      ['events that are none', eventStream(['data: {"broken']), fault('malformed')],
      ['silence', 'hang', fault('timeout')],
      ['a reset connection', 'reset', fault('unreachable')],
    ];
    for (const [what, trouble, expected] of TROUBLES) {
      it(`tells apart: ${what}`, async () => {
        fake.trouble = trouble;
        await assert.rejects(ask(), expected);
      });
    }

    it('is told when it does not have the model', async () => {
      await assert.rejects(ask({ model: 'other' }), fault('unanswerable'));
    });

    if (format.keyed) {
      it('is refused with a wrong key, which no fault repeats', async () => {
        await assert.rejects(ask({ key: 'wrong-secret' }), (error: Error) => {
          assert.doesNotMatch(`${error.message} ${error.stack}`, /wrong-secret/);
          return (error as Error & { kind: string }).kind === 'refused';
        });
      });
    }

    it('stops with the caller', async () => {
      fake.trouble = 'hang';
      const abort = new AbortController();
      const asked = ask({ signal: abort.signal });
      setTimeout(() => abort.abort(new Error('enough')), 20);
      await assert.rejects(asked, { message: 'enough' });
    });
  });
}

describe('language model: what only some providers say', () => {
  let http: HttpClient;
  const fakes: FakeModel[] = [];
  before(() => (http = createHttpClient({ timeoutMs: 600 })));
  after(async () => {
    await http.close();
    for (const fake of fakes) await fake.close();
  });
  const request = {
    ...{ model: 'm', system: 's', user: 'u', schema: SCHEMA, maxTokens: 10 },
    signal: new AbortController().signal,
  };

  it('an OpenAI account without credit is busy, and Azure’s content filter has declined', async () => {
    const fake = await startOpenAi({ flavour: 'azure', key: 'k', models: ['m'] });
    fakes.push(fake);
    const azure = createAzureOpenAi({ http, key: 'k', endpoint: fake.url, apiVersion: '2024-10-21' });
    fake.trouble = openAiError(429, 'insufficient_quota', 'You exceeded your current quota');
    await assert.rejects(azure.complete(request), { kind: 'busy', message: 'its account has no credit left' });
    fake.trouble = openAiError(400, 'content_filter', 'The response was filtered');
    await assert.rejects(azure.complete(request), { kind: 'declined' });
  });

  it('a server like OpenAI may answer in one piece, and want no key', async () => {
    const fake = await startOpenAi({ flavour: 'compatible', key: null, models: ['m'] });
    fakes.push(fake);
    fake.write = () => ANSWER;
    const server = createOpenAiCompatible({ http, key: null, endpoint: `${fake.url}/v1` });
    assert.deepEqual((await server.complete(request)).json, JSON.parse(ANSWER));
    const message = { role: 'assistant', content: ANSWER };
    fake.trouble = jsonReply(200, { model: 'm', choices: [{ index: 0, message, finish_reason: 'stop' }] });
    const { json, inputTokens } = await server.complete(request);
    assert.deepEqual(json, JSON.parse(ANSWER));
    assert.equal(inputTokens, null);
  });
});
