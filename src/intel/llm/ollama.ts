import type { HttpAnswer, HttpClient } from '../../net/http-client.js';
import { modelJson } from './model-json.js';
import { postJson, under } from './post-json.js';
import { LlmFault } from './provider.js';
import type { LlmProvider } from './provider.js';
import { count, fields, jsonLines, text } from './read-stream.js';

/** Room for the instructions, the message and the answer: Ollama's own default cuts the beginning off without a word. */
const CONTEXT_TOKENS = 8192;

/**
 * Ollama on a machine of one's own: `POST /api/chat` with a schema as `format`, streamed as lines of JSON
 * (github.com/ollama/ollama/blob/main/docs/api.md#generate-a-chat-completion). The stream is complete with the line that says `done`.
 */
export function createOllama(options: {
  readonly http: HttpClient;
  /** For a proxy in front of it; Ollama itself wants none. */
  readonly key: string | null;
  /** As `http://localhost:11434`. */
  readonly endpoint: string;
}): LlmProvider {
  const { http, key, endpoint } = options;
  const url = under(endpoint, 'api/chat');
  const headers: Record<string, string> = key === null ? {} : { authorization: `Bearer ${key}` };
  return {
    async complete({ model, system, user, schema, maxTokens, signal }) {
      const body = {
        model,
        messages: [
          { role: 'system', content: system },
          { role: 'user', content: user },
        ],
        format: schema,
        stream: true,
        options: { temperature: 0, num_predict: maxTokens, num_ctx: CONTEXT_TOKENS },
      };
      const answer = await postJson({ http, url, headers, body, signal });
      if (answer.status !== 200) throw faultOf(answer);
      if (answer.contentType !== 'application/x-ndjson' && answer.contentType !== 'application/json')
        throw new LlmFault('malformed', `the answer was ${answer.contentType || 'untyped'}, not lines of JSON`);
      const lines = jsonLines(answer.body);
      if (lines.some((line) => 'error' in line)) throw new LlmFault('failed', 'it reported an error halfway');
      const last = lines.find((line) => line['done'] === true);
      if (last === undefined) throw new LlmFault('stopped', 'the answer ended too early');
      const usage = { inputTokens: count(last['prompt_eval_count']), outputTokens: count(last['eval_count']) };
      if (last['done_reason'] === 'length')
        throw new LlmFault('stopped', 'the answer was longer than allowed', { usage });
      const content = lines.map((line) => text(fields(line['message'])?.['content'])).join('');
      return { json: modelJson(content, usage), model: text(last['model']) || model, ...usage };
    },
  };
}

function faultOf({ status, retryAfterSeconds }: HttpAnswer): LlmFault {
  if (status === 401 || status === 403) return new LlmFault('refused', 'it refuses the key');
  if (status === 404) return new LlmFault('unanswerable', 'it does not have this model');
  if (status === 429) return new LlmFault('busy', 'it asks for fewer requests', { retryAfterSeconds });
  if (status >= 400 && status < 500) return new LlmFault('unanswerable', `it does not accept the request (${status})`);
  return new LlmFault('failed', `it answered with status ${status}`, { retryAfterSeconds });
}
