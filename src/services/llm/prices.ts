import type { LlmUsage } from '../../intel/llm/provider.js';
import type { Prices } from './connection.js';
import type { ProviderId } from './providers.js';

/**
 * Dollars for a million tokens as the providers list them (openai.com/api/pricing, claude.com/pricing; gone through in November 2026), by
 * the beginning of the model's name: the longest that fits counts. An estimate and no bill: discounts, caches and regions change it, and
 * a tenant can set its own.
 */
const LISTED: Prices = {
  'gpt-4o-mini': { input: 0.15, output: 0.6 },
  'gpt-4o': { input: 2.5, output: 10 },
  'gpt-4.1-nano': { input: 0.1, output: 0.4 },
  'gpt-4.1-mini': { input: 0.4, output: 1.6 },
  'gpt-4.1': { input: 2, output: 8 },
  'gpt-5-nano': { input: 0.05, output: 0.4 },
  'gpt-5-mini': { input: 0.25, output: 2 },
  'gpt-5': { input: 1.25, output: 10 },
  'claude-haiku-4-5': { input: 1, output: 5 },
  'claude-sonnet-4': { input: 3, output: 15 },
  'claude-opus-4-5': { input: 5, output: 25 },
};

/** Millionths of a dollar, which is dollars a million tokens times tokens; null where price or tokens are not known. */
export function costMicros(provider: ProviderId, model: string, usage: LlmUsage, own: Prices): number | null {
  const { inputTokens, outputTokens } = usage;
  if (inputTokens === null || outputTokens === null) return null;
  const price = own[model] ?? (provider === 'ollama' ? { input: 0, output: 0 } : listed(provider, model));
  return price === null ? null : Math.round(price.input * inputTokens + price.output * outputTokens);
}

/** Azure's deployments have any name, and other servers their own prices. */
function listed(provider: ProviderId, model: string): Prices[string] | null {
  if (provider !== 'openai' && provider !== 'anthropic') return null;
  const [best] = Object.keys(LISTED)
    .filter((name) => model === name || model.startsWith(`${name}-`))
    .sort((a, b) => b.length - a.length);
  return best === undefined ? null : (LISTED[best] ?? null);
}
