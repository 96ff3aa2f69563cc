import type { HttpClient } from '../../net/http-client.js';
import { chatCompletion } from './chat-completions.js';
import { under } from './post-json.js';
import type { LlmProvider } from './provider.js';

/**
 * Azure OpenAI: a deployment in the address stands for the model, the key has a header of its own
 * (learn.microsoft.com/azure/ai-services/openai/reference#chat-completions).
 */
export function createAzureOpenAi(options: {
  readonly http: HttpClient;
  readonly key: string;
  /** As `https://<resource>.openai.azure.com`. */
  readonly endpoint: string;
  readonly apiVersion: string;
}): LlmProvider {
  const { http, key, endpoint, apiVersion } = options;
  return {
    complete(request) {
      const url = under(endpoint, `openai/deployments/${encodeURIComponent(request.model)}/chat/completions`);
      url.searchParams.set('api-version', apiVersion);
      const headers = { 'api-key': key };
      return chatCompletion({ http, url, headers, limit: 'max_completion_tokens', namesModel: false }, request);
    },
  };
}
