import { createAnthropic } from '../../intel/llm/anthropic.js';
import { createAzureOpenAi } from '../../intel/llm/azure-openai.js';
import { createOllama } from '../../intel/llm/ollama.js';
import { createOpenAiCompatible } from '../../intel/llm/openai-compatible.js';
import { createOpenAi } from '../../intel/llm/openai.js';
import type { LlmProvider } from '../../intel/llm/provider.js';
import type { HttpClient } from '../../net/http-client.js';
import type { Connection } from './connection.js';

export const PROVIDER_IDS = ['openai', 'azure-openai', 'anthropic', 'openai-compatible', 'ollama'] as const;
export type ProviderId = (typeof PROVIDER_IDS)[number];

export interface ProviderFacts {
  /** As users read it. */
  readonly name: string;
  /** Null where everybody has one of their own. */
  readonly endpoint: string | null;
  readonly key: 'needed' | 'optional';
}

export const PROVIDERS: Readonly<Record<ProviderId, ProviderFacts>> = {
  openai: { name: 'OpenAI', endpoint: 'https://api.openai.com/v1', key: 'needed' },
  'azure-openai': { name: 'Azure OpenAI', endpoint: null, key: 'needed' },
  anthropic: { name: 'Anthropic', endpoint: 'https://api.anthropic.com', key: 'needed' },
  'openai-compatible': { name: 'OpenAI-compatible server', endpoint: null, key: 'optional' },
  ollama: { name: 'Ollama', endpoint: 'http://localhost:11434', key: 'optional' },
};

/** The way to ask over a connection. */
export function providerOf(
  { provider, endpoint, apiVersion }: Connection,
  key: string | null,
  http: HttpClient,
): LlmProvider {
  switch (provider) {
    case 'openai':
      return createOpenAi({ http, key: key ?? '', endpoint });
    case 'azure-openai':
      return createAzureOpenAi({ http, key: key ?? '', endpoint, apiVersion });
    case 'anthropic':
      return createAnthropic({ http, key: key ?? '', endpoint });
    case 'openai-compatible':
      return createOpenAiCompatible({ http, key, endpoint });
    case 'ollama':
      return createOllama({ http, key, endpoint });
  }
}
