import type { Behaviour, Reply, SeenRequest } from '../../../helpers/web-server.js';
import { eventStream, jsonReply, pieces, schemaFault, startFakeModel, strange, tokens } from './fake-model.js';
import type { FakeModel, FakeState } from './fake-model.js';

const HEADERS = [
  ...['host', 'connection', 'user-agent', 'content-type', 'content-length'],
  ...['x-api-key', 'anthropic-version'],
];
const BODY = ['model', 'max_tokens', 'system', 'messages', 'output_config', 'stream'];

/**
 * Anthropic's messages as its pages describe them: docs.claude.com/en/api/messages, …/build-with-claude/streaming,
 * …/build-with-claude/structured-outputs (`output_config.format`), …/api/errors. Unknown parameters, headers and models are refused.
 */
export function startAnthropic(key: string, models: readonly string[]): Promise<FakeModel> {
  return startFakeModel((request, state) => answer(request, state, key, models));
}

function answer(request: SeenRequest, state: FakeState, key: string, models: readonly string[]): Behaviour {
  const { method, target, headers } = request;
  if (method !== 'POST' || target !== '/v1/messages') return anthropicError(404, 'not_found_error');
  if (headers['x-api-key'] !== key) return anthropicError(401, 'authentication_error');
  const header = strange(headers, HEADERS);
  if (header !== undefined || headers['anthropic-version'] !== '2023-06-01')
    return anthropicError(400, 'invalid_request_error', `header ${header ?? 'anthropic-version'}`);
  const body = JSON.parse(request.body) as Body;
  const unknown = strange(body, BODY);
  if (unknown !== undefined) return anthropicError(400, 'invalid_request_error', `${unknown}: Extra inputs`);
  const missing = BODY.find((name) => !(name in body));
  if (missing !== undefined) return anthropicError(400, 'invalid_request_error', `${missing}: Field required`);
  const [first, ...others] = body.messages;
  if (first?.role !== 'user' || others.length > 0) return anthropicError(400, 'invalid_request_error', 'messages');
  const { format } = body.output_config;
  if (
    strange(body.output_config, ['format']) !== undefined ||
    format.type !== 'json_schema' ||
    schemaFault(format.schema)
  )
    return anthropicError(400, 'invalid_request_error', `output_config ${schemaFault(format.schema) ?? ''}`);
  if (!models.includes(body.model)) return anthropicError(404, 'not_found_error', `model: ${body.model}`);
  return stream(body, first.content, state);
}

interface Body {
  readonly model: string;
  readonly system: string;
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  readonly output_config: { readonly format: { readonly type: string; readonly schema: unknown } };
}

function stream({ model, system }: Body, user: string, state: FakeState): Reply {
  const written = state.write({ model, system, user });
  const event = (type: string, more: object) => `event: ${type}\ndata: ${JSON.stringify({ type, ...more })}`;
  const message = { id: 'msg_1', type: 'message', role: 'assistant', model: `${model}-20260101`, content: [] };
  const events = [
    event('message_start', {
      message: { ...message, stop_reason: null, usage: { input_tokens: tokens(system + user), output_tokens: 1 } },
    }),
    event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }),
    event('ping', {}),
    ...pieces(written).map((text) => event('content_block_delta', { index: 0, delta: { type: 'text_delta', text } })),
    event('content_block_stop', { index: 0 }),
    event('message_delta', {
      delta: { stop_reason: state.ends ?? 'end_turn', stop_sequence: null },
      usage: { output_tokens: tokens(written) },
    }),
    event('message_stop', {}),
  ];
  return eventStream(state.stopsAfter === null ? events : events.slice(0, state.stopsAfter));
}

/** docs.claude.com/en/api/errors, "Error shapes". */
export function anthropicError(
  status: number,
  type: string,
  message = type,
  headers: Readonly<Record<string, string>> = {},
): Reply {
  return jsonReply(status, { type: 'error', error: { type, message }, request_id: 'req_1' }, headers);
}
