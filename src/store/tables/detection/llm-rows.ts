import type { LlmSettingRow, LlmUsage } from './llm.js';

/** As the driver returns them: bigint and sums as text. */
export interface SettingRow extends Record<string, unknown> {
  setting_id: string;
  mailbox_id: string | null;
  enabled: boolean;
  by_default: boolean;
  connection: unknown;
  fallback: unknown;
  key_set_at: string | Date | null;
  fallback_key_set_at: string | Date | null;
  monthly_calls: number | null;
  monthly_tokens: string | null;
  prices: unknown;
  revision: number;
  updated_at: string | Date;
}

export interface UsageRow extends Record<string, unknown> {
  provider: string;
  model: string;
  mailbox_id: string | null;
  calls: number;
  failed: number;
  input: string;
  output: string;
  cost: string;
  unpriced: number;
  milliseconds: number;
}

export function toSetting(row: SettingRow): LlmSettingRow {
  const { enabled, connection, fallback, prices, revision } = row;
  return {
    ...{ id: row.setting_id, mailboxId: row.mailbox_id, enabled, byDefault: row.by_default, connection, fallback },
    keySetAt: date(row.key_set_at),
    fallbackKeySetAt: date(row.fallback_key_set_at),
    monthlyCalls: row.monthly_calls,
    monthlyTokens: row.monthly_tokens === null ? null : Number(row.monthly_tokens),
    ...{ prices, revision, updatedAt: new Date(row.updated_at) },
  };
}

export function toCall(row: UsageRow): LlmUsage {
  const { provider, model, calls, failed, unpriced, milliseconds } = row;
  return {
    ...{ provider, model, mailboxId: row.mailbox_id, calls, failed, unpriced, milliseconds },
    inputTokens: Number(row.input),
    outputTokens: Number(row.output),
    costMicros: Number(row.cost),
  };
}

function date(value: string | Date | null): Date | null {
  return value === null ? null : new Date(value);
}
