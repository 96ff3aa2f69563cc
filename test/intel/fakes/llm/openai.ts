import type { Behaviour, Reply, SeenRequest } from '../../../helpers/web-server.js';
import { eventStream, jsonReply, pieces, schemaFault, startFakeModel, strange, tokens } from './fake-model.js';
import type { FakeModel, FakeState } from './fake-model.js';

type Flavour = 'openai' | 'compatible' | 'azure';

export interface FakeOpenAiOptions {
  readonly flavour: Flavour;
  /** Null: the server wants none. */
  readonly key: string | null;
  /** Models, or Azure's deployments. */
  readonly models: readonly string[];
}

const HEADERS = ['host', 'connection', 'user-agent', 'content-type', 'content-length', 'authorization', 'api-key'];
const BODY = ['model', 'messages', 'response_format', 'stream', 'stream_options'];
const API_VERSION = '2024-10-21';

/**
 * Chat completions as OpenAI's pages describe them (platform.openai.com/docs/api-reference/chat/create, …/chat-streaming,
 * …/docs/guides/structured-outputs, …/docs/guides/error-codes), Azure's (learn.microsoft.com/azure/ai-services/openai/reference), and
 * as servers imitate them. Unknown parameters, headers and models are refused, as is a schema that strict mode would refuse.
 */
export function startOpenAi(options: FakeOpenAiOptions): Promise<FakeModel> {
  return startFakeModel((request, state) => answer(request, state, options));
}

function answer(request: SeenRequest, state: FakeState, { flavour, key, models }: FakeOpenAiOptions): Behaviour {
  const { method, headers } = request;
  const url = new URL(request.target, 'http://fake');
  const azure = /^\/openai\/deployments\/([^/]+)\/chat\/completions$/.exec(url.pathname);
  if (method !== 'POST' || (flavour === 'azure' ? azure === null : url.pathname !== '/v1/chat/completions'))
    return openAiError(404, 'not_found', 'Resource not found');
  const header = strange(headers, HEADERS);
  if (header !== undefined) return openAiError(400, 'invalid_request', `Unexpected header ${header}`);
  if (!keyIsRight(headers, flavour, key)) return openAiError(401, 'invalid_api_key', 'Incorrect API key provided');
  if (flavour === 'azure' ? url.search !== `?api-version=${API_VERSION}` : url.search !== '')
    return openAiError(400, 'invalid_request', 'Unexpected query');
  const body = JSON.parse(request.body) as Body;
  const limit = flavour === 'compatible' ? 'max_tokens' : 'max_completion_tokens';
  const fault = bodyFault(body, [...BODY.filter((name) => flavour !== 'azure' || name !== 'model'), limit]);
  if (fault !== null) return openAiError(400, 'unsupported_parameter', fault);
  const model = flavour === 'azure' ? decodeURIComponent(azure?.[1] ?? '') : (body.model ?? '');
  if (!models.includes(model)) return openAiError(404, 'model_not_found', `The model ${model} does not exist`);
  return stream(body, model, state);
}

interface Body {
  readonly model?: string;
  readonly messages?: readonly { readonly role: string; readonly content: string }[];
  readonly response_format?: { readonly type: string; readonly json_schema: Record<string, unknown> };
  readonly stream?: boolean;
  readonly stream_options?: unknown;
}

function keyIsRight(headers: SeenRequest['headers'], flavour: Flavour, key: string | null): boolean {
  if (flavour === 'azure') return headers['api-key'] === key && headers['authorization'] === undefined;
  return headers['authorization'] === (key === null ? undefined : `Bearer ${key}`) && headers['api-key'] === undefined;
}

function bodyFault(body: Body, known: readonly string[]): string | null {
  const unknown = strange(body, known);
  if (unknown !== undefined) return `Unsupported parameter: '${unknown}'`;
  const missing = known.find((name) => !(name in body));
  if (missing !== undefined) return `Missing required parameter: '${missing}'`;
  if (body.messages?.map(({ role }) => role).join() !== 'system,user') return 'Invalid messages';
  const format = body.response_format;
  if (format?.type !== 'json_schema') return 'Invalid response_format';
  if (strange(format.json_schema, ['name', 'strict', 'schema']) !== undefined) return 'Invalid json_schema';
  if (format.json_schema['strict'] !== true || !/^[\w-]{1,64}$/.test(String(format.json_schema['name']))) return 'name';
  if (body.stream !== true) return 'the test wants a stream';
  return schemaFault(format.json_schema['schema']);
}

function stream(body: Body, model: string, state: FakeState): Reply {
  const [system = '', user = ''] = body.messages?.map(({ content }) => content) ?? [];
  const written = state.write({ model, system, user });
  const chunk = (delta: object, finish: string | null = null) => ({
    ...{ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: `${model}-2026-01-01` },
    choices: [{ index: 0, delta, finish_reason: finish }],
    usage: null,
  });
  const refusal = state.ends === 'refusal';
  const chunks: object[] = [
    chunk({ role: 'assistant', content: '' }),
    ...(refusal
      ? [chunk({ refusal: 'I cannot help with that.' })]
      : pieces(written).map((content) => chunk({ content }))),
    chunk({}, refusal ? 'stop' : (state.ends ?? 'stop')),
    {
      ...chunk({}),
      choices: [],
      usage: { prompt_tokens: tokens(system + user), completion_tokens: tokens(written), total_tokens: 0 },
    },
  ];
  const sent = state.stopsAfter === null ? chunks : chunks.slice(0, state.stopsAfter);
  const events = sent.map((one) => `data: ${JSON.stringify(one)}`);
  return eventStream(state.stopsAfter === null ? [...events, 'data: [DONE]'] : events);
}

export function openAiError(
  status: number,
  code: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Reply {
  return jsonReply(status, { error: { message, type: 'invalid_request_error', param: null, code } }, headers);
}
