import type { LlmSettingRow } from '../../store/tables/detection/llm.js';
import { connectionOf, fallbackOf, pricesOf } from './connection.js';
import type { Connection, Prices } from './connection.js';
import type { ProviderId } from './providers.js';

export interface ConnectionView {
  readonly provider: ProviderId;
  readonly endpoint: string;
  readonly api_version: string;
  readonly triage_model: string;
  readonly deep_model: string | null;
  /** When a key was given; the key itself is never shown. Null where there is none. */
  readonly key_set_at: string | null;
}

export interface SettingView extends ConnectionView {
  /** Null: for everything that has no setting of its own. */
  readonly mailbox_id: string | null;
  readonly enabled: boolean;
  readonly scans: 'every' | 'on-request';
  readonly fallback: ConnectionView | null;
  readonly monthly_calls: number | null;
  readonly monthly_tokens: number | null;
  readonly prices: Prices;
  readonly updated_at: string;
}

/** A setting as its keepers see it. */
export function settingView(row: LlmSettingRow): SettingView {
  const fallback = fallbackOf(row);
  return {
    mailbox_id: row.mailboxId,
    enabled: row.enabled,
    scans: row.byDefault ? 'every' : 'on-request',
    ...connectionView(connectionOf(row), row.keySetAt),
    fallback: fallback === null ? null : connectionView(fallback, row.fallbackKeySetAt),
    monthly_calls: row.monthlyCalls,
    monthly_tokens: row.monthlyTokens,
    prices: pricesOf(row),
    updated_at: row.updatedAt.toISOString(),
  };
}

function connectionView(connection: Connection, keySetAt: Date | null): ConnectionView {
  const { provider, endpoint, apiVersion, triageModel, deepModel } = connection;
  return {
    ...{ provider, endpoint, api_version: apiVersion, triage_model: triageModel, deep_model: deepModel },
    key_set_at: keySetAt?.toISOString() ?? null,
  };
}
