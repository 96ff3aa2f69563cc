import { sql } from 'drizzle-orm';
import type { Transaction } from '../../session.js';
import type { TenantId } from '../../store.js';
import { toCall, toSetting } from './llm-rows.js';
import type { SettingRow, UsageRow } from './llm-rows.js';
import { storable } from '../storable.js';

export type LlmKeySlot = 'connection' | 'fallback';

/** What a tenant chose, for itself (`mailboxId` null) or for one mailbox. Connections and prices are JSON that the services write. */
export interface LlmSetting {
  readonly mailboxId: string | null;
  readonly enabled: boolean;
  readonly byDefault: boolean;
  readonly connection: unknown;
  readonly fallback: unknown;
  readonly keySetAt: Date | null;
  readonly fallbackKeySetAt: Date | null;
  readonly monthlyCalls: number | null;
  readonly monthlyTokens: number | null;
  readonly prices: unknown;
}

export interface LlmSettingRow extends LlmSetting {
  readonly id: string;
  readonly revision: number;
  readonly updatedAt: Date;
}

export interface NewLlmCall {
  readonly mailboxId: string | null;
  readonly purpose: 'triage' | 'deep' | 'test';
  readonly provider: string;
  readonly model: string;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  /** Millionths of a dollar. */
  readonly costMicros: number | null;
  readonly milliseconds: number;
  readonly outcome: string;
}

export interface LlmUsage {
  readonly provider: string;
  readonly model: string;
  readonly mailboxId: string | null;
  readonly calls: number;
  readonly failed: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costMicros: number;
  /** Calls whose price is not known. */
  readonly unpriced: number;
  /** Mean. */
  readonly milliseconds: number;
}

/** Taken from the month before a call is sent. */
export interface LlmReservation {
  readonly scope: string;
  /** First day, 'YYYY-MM-DD'. */
  readonly month: string;
  readonly tokens: number;
}

export interface LlmTable {
  /** The mailbox's own setting, or the tenant's. */
  effective(mailboxId: string | null): Promise<LlmSettingRow | null>;
  list(): Promise<readonly LlmSettingRow[]>;
  /** Null where there is no such mailbox. */
  put(setting: LlmSetting): Promise<LlmSettingRow | null>;
  /** Takes the keys along. False where there was none. */
  remove(mailboxId: string | null): Promise<boolean>;
  /** Replaces the key; null revokes it. */
  setKey(settingId: string, slot: LlmKeySlot, sealed: string | null): Promise<void>;
  /** For workers only: nobody else gets to see a row. */
  sealedKey(settingId: string, slot: LlmKeySlot): Promise<string | null>;
  /** Null where the month's quota does not allow another call of so many tokens. Calls at the same time wait for each other. */
  reserve(setting: LlmSettingRow, tokens: number): Promise<LlmReservation | null>;
  /** Puts what was really used in the place of what was reserved, and records the call. */
  settle(reservation: LlmReservation, tokens: number, call: NewLlmCall): Promise<void>;
  used(scope: string): Promise<{ readonly calls: number; readonly tokens: number }>;
  /** Of a month, given as its first day; most expensive first. */
  usage(month: string): Promise<readonly LlmUsage[]>;
}

export function createLlmTable(tx: Transaction, tenant: TenantId): LlmTable {
  return {
    async effective(mailboxId) {
      const [row] = await tx.execute<SettingRow>(sql`select * from postern.llm_settings
        where tenant_id = ${tenant} and (mailbox_id is null or mailbox_id = ${mailboxId}::uuid)
        order by mailbox_id is null limit 1`);
      return row === undefined ? null : toSetting(row);
    },

    async list() {
      const rows = await tx.execute<SettingRow>(sql`select * from postern.llm_settings
        where tenant_id = ${tenant} order by mailbox_id is not null, mailbox_id`);
      return rows.map(toSetting);
    },

    async put({ mailboxId, enabled, byDefault, connection, fallback, keySetAt, fallbackKeySetAt, ...limits }) {
      const json = (value: unknown) => (value === null ? null : JSON.stringify(storable(value)));
      if (mailboxId !== null) {
        const found = await tx.execute(sql`select 1 from postern.mailboxes
          where tenant_id = ${tenant} and mailbox_id = ${mailboxId}::uuid`);
        if (found.length === 0) return null;
      }
      const [row] = await tx.execute<SettingRow>(sql`
          insert into postern.llm_settings as s (tenant_id, mailbox_id, enabled, by_default, connection, fallback, key_set_at,
            fallback_key_set_at, monthly_calls, monthly_tokens, prices)
          values (${tenant}, ${mailboxId}::uuid, ${enabled}, ${byDefault}, ${json(connection)}::text::jsonb,
            ${json(fallback)}::text::jsonb, ${keySetAt?.toISOString() ?? null}::timestamptz,
            ${fallbackKeySetAt?.toISOString() ?? null}::timestamptz, ${limits.monthlyCalls}::int, ${limits.monthlyTokens}::bigint,
            ${json(limits.prices)}::text::jsonb)
          on conflict (tenant_id, mailbox_id) do update set enabled = excluded.enabled, by_default = excluded.by_default,
            connection = excluded.connection, fallback = excluded.fallback, key_set_at = excluded.key_set_at,
            fallback_key_set_at = excluded.fallback_key_set_at, monthly_calls = excluded.monthly_calls,
            monthly_tokens = excluded.monthly_tokens, prices = excluded.prices, revision = s.revision + 1, updated_at = now()
          returning *`);
      return row === undefined ? null : toSetting(row);
    },

    async remove(mailboxId) {
      const gone = await tx.execute(sql`delete from postern.llm_settings
        where tenant_id = ${tenant} and mailbox_id is not distinct from ${mailboxId}::uuid returning 1`);
      return gone.length > 0;
    },

    async setKey(settingId, slot, sealed) {
      await tx.execute(sql`select postern.drop_llm_key(${settingId}::uuid, ${slot})`);
      if (sealed === null) return;
      await tx.execute(sql`insert into postern.llm_keys (tenant_id, setting_id, slot, sealed)
        values (${tenant}, ${settingId}::uuid, ${slot}, ${sealed})`);
    },

    async sealedKey(settingId, slot) {
      const [row] = await tx.execute<{ sealed: string }>(sql`select sealed from postern.llm_keys
        where tenant_id = ${tenant} and setting_id = ${settingId}::uuid and slot = ${slot}`);
      return row?.sealed ?? null;
    },

    async reserve({ mailboxId, monthlyCalls, monthlyTokens }, tokens) {
      const scope = mailboxId ?? 'tenant';
      const fits = (calls: ReturnType<typeof sql>, used: ReturnType<typeof sql>) => sql`
        (${monthlyCalls}::int is null or ${calls} + 1 <= ${monthlyCalls}::int)
        and (${monthlyTokens}::bigint is null or ${used} + ${tokens}::bigint <= ${monthlyTokens}::bigint)`;
      const [row] = await tx.execute<{ month: string }>(sql`
        insert into postern.llm_months as m (tenant_id, scope, month, calls, tokens)
        select ${tenant}::uuid, ${scope}, date_trunc('month', now() at time zone 'UTC')::date, 1, ${tokens}::bigint
        where ${fits(sql`0`, sql`0`)}
        on conflict (tenant_id, scope, month) do update set calls = m.calls + 1, tokens = m.tokens + excluded.tokens
        where ${fits(sql`m.calls`, sql`m.tokens`)}
        returning to_char(month, 'YYYY-MM-DD') as month`);
      return row === undefined ? null : { scope, month: row.month, tokens };
    },

    async settle({ scope, month, tokens: reserved }, tokens, call) {
      await tx.execute(sql`update postern.llm_months set tokens = greatest(0, tokens + ${tokens - reserved}::bigint)
        where tenant_id = ${tenant} and scope = ${scope} and month = ${month}::date`);
      await tx.execute(sql`insert into postern.llm_calls
        (tenant_id, mailbox_id, purpose, provider, model, input_tokens, output_tokens, cost_micros, milliseconds, outcome)
        values (${tenant}, ${call.mailboxId}::uuid, ${call.purpose}, ${call.provider}, ${storable(call.model)},
          ${call.inputTokens}::int, ${call.outputTokens}::int, ${call.costMicros}::bigint, ${Math.round(call.milliseconds)}::int,
          ${call.outcome})`);
    },

    async used(scope) {
      const [row] = await tx.execute<{ calls: number; tokens: string }>(sql`select calls, tokens from postern.llm_months
        where tenant_id = ${tenant} and scope = ${scope} and month = date_trunc('month', now() at time zone 'UTC')::date`);
      return { calls: row?.calls ?? 0, tokens: Number(row?.tokens ?? 0) };
    },

    async usage(month) {
      const rows = await tx.execute<UsageRow>(sql`
        select provider, model, mailbox_id, count(*)::int as calls, (count(*) filter (where outcome <> 'answered'))::int as failed,
          coalesce(sum(input_tokens), 0) as input, coalesce(sum(output_tokens), 0) as output,
          coalesce(sum(cost_micros), 0) as cost, (count(*) filter (where cost_micros is null))::int as unpriced,
          round(avg(milliseconds))::int as milliseconds
        from postern.llm_calls where tenant_id = ${tenant}
          and at >= ${month}::date::timestamp at time zone 'UTC'
          and at < (${month}::date + interval '1 month')::timestamp at time zone 'UTC'
        group by provider, model, mailbox_id order by cost desc, calls desc, provider, model`);
      return rows.map(toCall);
    },
  };
}
