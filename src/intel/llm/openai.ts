import type { HttpClient } from '../../net/http-client.js';
import { chatCompletion } from './chat-completions.js';
import { under } from './post-json.js';
import type { LlmProvider } from './provider.js';

/** OpenAI itself: platform.openai.com/docs/api-reference/chat/create. */
export function createOpenAi(options: {
  readonly http: HttpClient;
  readonly key: string;
  /** With the version, as `https://api.openai.com/v1`. */
  readonly endpoint: string;
}): LlmProvider {
  const { http, key, endpoint } = options;
  const url = under(endpoint, 'chat/completions');
  const headers = { authorization: `Bearer ${key}` };
  return {
    complete: (request) =>
      chatCompletion({ http, url, headers, limit: 'max_completion_tokens', namesModel: true }, request),
  };
}
