import type { HttpClient } from '../../net/http-client.js';
import { chatCompletion } from './chat-completions.js';
import { under } from './post-json.js';
import type { LlmProvider } from './provider.js';

/** Servers that speak OpenAI's chat completions: vLLM, llama.cpp, LM Studio, Mistral, OpenRouter and many more. A key is optional. */
export function createOpenAiCompatible(options: {
  readonly http: HttpClient;
  readonly key: string | null;
  /** With the version, as `https://models.example/v1`. */
  readonly endpoint: string;
}): LlmProvider {
  const { http, key, endpoint } = options;
  const url = under(endpoint, 'chat/completions');
  const headers: Record<string, string> = key === null ? {} : { authorization: `Bearer ${key}` };
  return {
    complete: (request) => chatCompletion({ http, url, headers, limit: 'max_tokens', namesModel: true }, request),
  };
}
