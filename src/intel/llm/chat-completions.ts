import type { HttpAnswer, HttpClient } from '../../net/http-client.js';
import { modelJson } from './model-json.js';
import { postJson } from './post-json.js';
import { LlmFault } from './provider.js';
import type { LlmAnswer, LlmRequest, LlmUsage } from './provider.js';
import { bodyText, count, eventData, fields, parsed, text } from './read-stream.js';
import type { Fields } from './read-stream.js';

export interface ChatCompletionsCall {
  readonly http: HttpClient;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** How the server calls the limit of an answer; OpenAI's newer models refuse the old name, its imitators may not know the new one. */
  readonly limit: 'max_completion_tokens' | 'max_tokens';
  /** Azure takes the model from the address. */
  readonly namesModel: boolean;
}

/**
 * One streamed chat completion (platform.openai.com/docs/api-reference/chat/create and …/chat-streaming; structured outputs:
 * platform.openai.com/docs/guides/structured-outputs). The stream is complete when a `finish_reason` was seen.
 */
export async function chatCompletion(call: ChatCompletionsCall, request: LlmRequest): Promise<LlmAnswer> {
  const { http, url, headers } = call;
  const body = {
    ...(call.namesModel ? { model: request.model } : {}),
    messages: [
      { role: 'system', content: request.system },
      { role: 'user', content: request.user },
    ],
    response_format: {
      type: 'json_schema',
      json_schema: { name: 'reading', strict: true, schema: request.schema },
    },
    [call.limit]: request.maxTokens,
    stream: true,
    stream_options: { include_usage: true },
  };
  const answer = await postJson({ http, url, headers, body, signal: request.signal });
  if (answer.status !== 200) throw faultOf(answer);
  const heard = listen(answer);
  const { usage } = heard;
  if (heard.refusal !== '') throw new LlmFault('declined', 'the model would not answer', { usage });
  if (heard.finish === 'content_filter')
    throw new LlmFault('declined', 'its content filter stopped the answer', { usage });
  if (heard.finish === 'length') throw new LlmFault('stopped', 'the answer was longer than allowed', { usage });
  if (heard.finish === '') throw new LlmFault('stopped', 'the answer ended too early', { usage });
  return { json: modelJson(heard.content, usage), model: heard.model || request.model, ...usage };
}

interface Heard {
  readonly content: string;
  readonly refusal: string;
  readonly finish: string;
  readonly model: string;
  readonly usage: LlmUsage;
}

function listen(answer: HttpAnswer): Heard {
  // Some servers that speak this format do not stream.
  if (answer.contentType === 'application/json') return gather([parsed(bodyText(answer.body))], 'message');
  if (answer.contentType !== 'text/event-stream')
    throw new LlmFault('malformed', `the answer was ${answer.contentType || 'untyped'}, not a stream of events`);
  const events = eventData(answer.body).filter((data) => data !== '[DONE]');
  return gather(events.map(parsed), 'delta');
}

function gather(chunks: readonly Fields[], part: 'delta' | 'message'): Heard {
  const heard = { content: '', refusal: '', finish: '', model: '' };
  let usage: LlmUsage = { inputTokens: null, outputTokens: null };
  for (const chunk of chunks) {
    const error = fields(chunk['error']);
    if (error !== null) throw new LlmFault('failed', 'it reported an error halfway', { usage });
    heard.model = text(chunk['model']) || heard.model;
    const counted = fields(chunk['usage']);
    if (counted !== null) {
      usage = { inputTokens: count(counted['prompt_tokens']), outputTokens: count(counted['completion_tokens']) };
    }
    const [choice] = Array.isArray(chunk['choices']) ? chunk['choices'].map(fields) : [];
    const said = fields(choice?.[part]);
    heard.content += text(said?.['content']);
    heard.refusal += text(said?.['refusal']);
    heard.finish = text(choice?.['finish_reason']) || heard.finish;
  }
  return { ...heard, usage };
}

/** platform.openai.com/docs/guides/error-codes; Azure's content filter answers 400 with the code `content_filter`. */
function faultOf({ status, retryAfterSeconds, body }: HttpAnswer): LlmFault {
  const code = codeOf(bodyText(body));
  if (status === 401 || status === 403) return new LlmFault('refused', 'it refuses the key');
  if (status === 429 && code === 'insufficient_quota') return new LlmFault('busy', 'its account has no credit left');
  if (status === 429) return new LlmFault('busy', 'it asks for fewer requests', { retryAfterSeconds });
  if (status === 400 && code === 'content_filter')
    return new LlmFault('declined', 'its content filter refused the message');
  if (status === 404) return new LlmFault('unanswerable', 'it does not know this model or address');
  if (status >= 400 && status < 500) return new LlmFault('unanswerable', `it does not accept the request (${status})`);
  return new LlmFault('failed', `it answered with status ${status}`, { retryAfterSeconds });
}

function codeOf(body: string): string {
  try {
    return text(fields(parsed(body)['error'])?.['code']);
  } catch {
    return '';
  }
}
