import type { Behaviour, Reply, SeenRequest } from '../../../helpers/web-server.js';
import { jsonReply, pieces, schemaFault, startFakeModel, strange, tokens } from './fake-model.js';
import type { FakeModel, FakeState } from './fake-model.js';

const HEADERS = ['host', 'connection', 'user-agent', 'content-type', 'content-length'];
const BODY = ['model', 'messages', 'format', 'stream', 'options'];

/**
 * Ollama's chat as its page describes it (github.com/ollama/ollama/blob/main/docs/api.md#generate-a-chat-completion). Unknown
 * parameters, options and models are refused: Ollama itself would ignore them without a word.
 */
export function startOllama(models: readonly string[]): Promise<FakeModel> {
  return startFakeModel((request, state) => answer(request, state, models));
}

function answer(request: SeenRequest, state: FakeState, models: readonly string[]): Behaviour {
  if (request.method !== 'POST' || request.target !== '/api/chat') return { status: 404, body: '404 page not found' };
  const header = strange(request.headers, HEADERS);
  if (header !== undefined) return jsonReply(400, { error: `unexpected header ${header}` });
  const body = JSON.parse(request.body) as Body;
  const unknown = strange(body, BODY) ?? strange(body.options, ['temperature', 'num_predict', 'num_ctx']);
  if (unknown !== undefined) return jsonReply(400, { error: `unknown ${unknown}` });
  if (body.messages.map(({ role }) => role).join() !== 'system,user') return jsonReply(400, { error: 'messages' });
  const fault = schemaFault(body.format);
  if (fault !== null) return jsonReply(400, { error: fault });
  if (!models.includes(body.model)) return jsonReply(404, { error: `model "${body.model}" not found, try pulling it` });
  return stream(body, state);
}

interface Body {
  readonly model: string;
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  readonly format: unknown;
  readonly options: Record<string, unknown>;
}

function stream({ model, messages }: Body, state: FakeState): Reply {
  const [system = '', user = ''] = messages.map(({ content }) => content);
  const written = state.write({ model, system, user });
  const line = (content: string, more: object) => ({
    ...{ model, created_at: '2026-01-01T00:00:00Z', message: { role: 'assistant', content } },
    ...more,
  });
  const lines = [
    ...pieces(written).map((content) => line(content, { done: false })),
    line('', {
      ...{ done: true, done_reason: state.ends ?? 'stop', total_duration: 1, load_duration: 1 },
      ...{ prompt_eval_count: tokens(system + user), eval_count: tokens(written) },
    }),
  ];
  return ndjson(state.stopsAfter === null ? lines : lines.slice(0, state.stopsAfter));
}

export function ndjson(lines: readonly object[]): Reply {
  return {
    status: 200,
    headers: { 'content-type': 'application/x-ndjson' },
    body: lines.map((line) => `${JSON.stringify(line)}\n`).join(''),
  };
}
