import type { HttpClient } from '../../net/http-client.js';
import { modelJson } from './model-json.js';
import { postJson, under } from './post-json.js';
import { LlmFault } from './provider.js';
import type { LlmProvider, LlmUsage } from './provider.js';
import { bodyText, count, eventData, fields, parsed, text } from './read-stream.js';
import type { Fields } from './read-stream.js';

const VERSION = '2023-06-01';

/**
 * Anthropic: streamed messages (docs.claude.com/en/api/messages, …/build-with-claude/streaming) held to a schema
 * (…/build-with-claude/structured-outputs). The stream is complete when `message_stop` was seen.
 */
export function createAnthropic(options: {
  readonly http: HttpClient;
  readonly key: string;
  /** As `https://api.anthropic.com`. */
  readonly endpoint: string;
}): LlmProvider {
  const { http, key, endpoint } = options;
  const url = under(endpoint, 'v1/messages');
  const headers = { 'x-api-key': key, 'anthropic-version': VERSION };
  return {
    async complete({ model, system, user, schema, maxTokens, signal }) {
      const body = {
        ...{ model, max_tokens: maxTokens, system, messages: [{ role: 'user', content: user }] },
        output_config: { format: { type: 'json_schema', schema } },
        stream: true,
      };
      const answer = await postJson({ http, url, headers, body, signal });
      if (answer.status !== 200) throw faultOf(answer.status, kindOf(bodyText(answer.body)), answer.retryAfterSeconds);
      if (answer.contentType !== 'text/event-stream')
        throw new LlmFault('malformed', `the answer was ${answer.contentType || 'untyped'}, not a stream of events`);
      const heard = gather(eventData(answer.body).map(parsed));
      const { usage } = heard;
      if (heard.reason === 'refusal') throw new LlmFault('declined', 'the model would not answer', { usage });
      if (heard.reason === 'max_tokens') throw new LlmFault('stopped', 'the answer was longer than allowed', { usage });
      if (!heard.complete) throw new LlmFault('stopped', 'the answer ended too early', { usage });
      return { json: modelJson(heard.content, usage), model: heard.model || model, ...usage };
    },
  };
}

function gather(events: readonly Fields[]) {
  const heard = { content: '', reason: '', model: '', complete: false };
  let usage: LlmUsage = { inputTokens: null, outputTokens: null };
  for (const event of events) {
    switch (event['type']) {
      case 'message_start': {
        const message = fields(event['message']);
        heard.model = text(message?.['model']);
        usage = { ...usage, inputTokens: count(fields(message?.['usage'])?.['input_tokens']) };
        break;
      }
      case 'content_block_delta': {
        const delta = fields(event['delta']);
        if (delta?.['type'] === 'text_delta') heard.content += text(delta['text']);
        break;
      }
      case 'message_delta':
        heard.reason = text(fields(event['delta'])?.['stop_reason']) || heard.reason;
        usage = { ...usage, outputTokens: count(fields(event['usage'])?.['output_tokens']) };
        break;
      case 'message_stop':
        heard.complete = true;
        break;
      case 'error': {
        const kind = text(fields(event['error'])?.['type']);
        throw kind === 'overloaded_error'
          ? new LlmFault('failed', 'it is overloaded', { usage })
          : new LlmFault('failed', 'it reported an error halfway', { usage });
      }
    }
  }
  return { ...heard, usage };
}

/** docs.claude.com/en/api/errors; 529 is "overloaded". */
function faultOf(status: number, kind: string, retryAfterSeconds: number | null): LlmFault {
  if (status === 401 || status === 403) return new LlmFault('refused', 'it refuses the key');
  if (status === 402) return new LlmFault('busy', 'its account has no credit left');
  if (status === 429) return new LlmFault('busy', 'it asks for fewer requests', { retryAfterSeconds });
  if (status === 529 || kind === 'overloaded_error')
    return new LlmFault('failed', 'it is overloaded', { retryAfterSeconds });
  if (status === 404) return new LlmFault('unanswerable', 'it does not know this model or address');
  if (status >= 400 && status < 500) return new LlmFault('unanswerable', `it does not accept the request (${status})`);
  return new LlmFault('failed', `it answered with status ${status}`, { retryAfterSeconds });
}

function kindOf(body: string): string {
  try {
    return text(fields(parsed(body)['error'])?.['type']);
  } catch {
    return '';
  }
}
