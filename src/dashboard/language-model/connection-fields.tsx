import type { LlmConnection, LlmProviderId, LlmProviders } from '../api/types.js';
import * as format from '../parts/format.js';
import { Input } from './input.js';

const MODELS: Readonly<Record<LlmProviderId, readonly [quick: string, thorough: string]>> = {
  openai: ['gpt-5-mini', 'gpt-5'],
  'azure-openai': ['name of your deployment', 'name of another deployment'],
  anthropic: ['claude-haiku-4-5', 'claude-sonnet-4-5'],
  'openai-compatible': ['mistral-small', 'mistral-large'],
  ollama: ['llama3.2', 'qwen3:14b'],
};
const ENDPOINTS: Readonly<Record<LlmProviderId, string>> = {
  openai: 'https://api.openai.com/v1',
  'azure-openai': 'https://your-resource.openai.azure.com',
  anthropic: 'https://api.anthropic.com',
  'openai-compatible': 'https://models.your-company.example/v1',
  ollama: 'http://localhost:11434',
};

interface ConnectionFieldsProps {
  readonly provider: LlmProviders['items'][number];
  /** What is stored, if it is of the same provider. */
  readonly stored: LlmConnection | null;
  /** '' or 'fallback.': names of fields as the API has them. */
  readonly prefix: string;
  readonly faultOf: (name: string) => string | undefined;
}

/** Where a provider is reached, which of its models read, and the key, which is only ever written. */
export function ConnectionFields({ provider, stored, prefix, faultOf }: ConnectionFieldsProps) {
  const { id } = provider;
  const [quick, thorough] = MODELS[id];
  const at = (name: string) => ({ name: prefix + name, error: faultOf(prefix + name) });
  const keyedAt = stored?.key_set_at ?? null;
  const inner = id === 'ollama' || id === 'openai-compatible';
  return (
    <>
      <Input
        label="Endpoint"
        type="url"
        {...at('endpoint')}
        value={stored?.endpoint ?? provider.endpoint ?? ''}
        placeholder={ENDPOINTS[id]}
        required
        hint={inner ? 'In your own network it must be allowed in POSTERN_LLM_ENDPOINTS.' : undefined}
      />
      {id === 'azure-openai' ? (
        <Input label="API version" {...at('api_version')} value={stored?.api_version ?? '2024-10-21'} required />
      ) : null}
      <div class="field-pair">
        <Input
          label={id === 'azure-openai' ? 'Quick deployment' : 'Quick model'}
          {...at('triage_model')}
          value={stored?.triage_model ?? ''}
          placeholder={quick}
          required
          hint="Reads every message."
        />
        <Input
          label={id === 'azure-openai' ? 'Thorough deployment' : 'Thorough model'}
          {...at('deep_model')}
          value={stored?.deep_model ?? ''}
          placeholder={thorough}
          hint="Reads what the quick one suspects."
        />
      </div>
      <Input
        label="Key"
        type="password"
        {...at('key')}
        value=""
        required={provider.needs_key && keyedAt === null}
        hint={
          keyedAt === null
            ? 'Kept sealed. It is never shown again.'
            : `Given ${format.recently(keyedAt)}. A new one takes its place; left empty, it stays.`
        }
      />
    </>
  );
}
