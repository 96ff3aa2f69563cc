import type { LlmConnection, LlmProviderId, LlmSetting, LlmSettingsInput } from '../api/types.js';

type Value = (name: string) => string;

/** The request that a filled form means. A key that was left empty is not sent: the one before stays. */
export function inputOf(
  value: Value,
  enabled: boolean,
  chosen: { readonly provider: LlmProviderId; readonly fallback: LlmProviderId | null },
  stored: LlmSetting | null,
): LlmSettingsInput {
  return {
    enabled,
    scans: value('scans') === 'on-request' ? 'on-request' : 'every',
    ...connection(value, '', chosen.provider),
    fallback: chosen.fallback === null ? null : connection(value, 'fallback.', chosen.fallback),
    monthly_calls: number(value('monthly_calls')),
    monthly_tokens: number(value('monthly_tokens')),
    prices: stored?.prices ?? {},
  };
}

/** The same setting with one thing changed. */
export function storedInput(stored: LlmSetting, change: Partial<LlmSettingsInput>): LlmSettingsInput {
  const { enabled, scans, monthly_calls, monthly_tokens, prices, fallback } = stored;
  return {
    ...{ enabled, scans, monthly_calls, monthly_tokens, prices, ...given(stored) },
    fallback: fallback === null ? null : given(fallback),
    ...change,
  };
}

function given({ provider, endpoint, api_version, triage_model, deep_model }: LlmConnection) {
  return { provider, endpoint, triage_model, deep_model, ...(api_version === '' ? {} : { api_version }) };
}

function connection(value: Value, prefix: string, provider: LlmProviderId) {
  const text = (name: string): string => value(prefix + name).trim();
  const [version, key] = [text('api_version'), text('key')];
  return {
    provider,
    endpoint: text('endpoint'),
    triage_model: text('triage_model'),
    deep_model: text('deep_model') === '' ? null : text('deep_model'),
    ...(version === '' ? {} : { api_version: version }),
    ...(key === '' ? {} : { key }),
  };
}

function number(text: string): number | null {
  return text.trim() === '' ? null : Number(text);
}
