import { PosternError } from '../../errors.js';
import type { TenantDb } from '../../store/store.js';
import type { LlmSettingRow } from '../../store/tables/detection/llm.js';
import { actorOf } from '../context.js';
import type { MemberContext } from '../context.js';
import { authorize } from '../permissions.js';
import { checkedConnection, connectionOf, fallbackOf, invalid } from './connection.js';
import type { Connection, GivenConnection, Prices } from './connection.js';
import { keyOwner } from './key-owner.js';
import { PROVIDERS } from './providers.js';
import { settingView } from './setting-view.js';
import type { SettingView } from './setting-view.js';

export interface LlmSettingsInput extends GivenConnection {
  readonly mailboxId: string | null;
  readonly enabled: boolean;
  readonly byDefault: boolean;
  readonly fallback: GivenConnection | null;
  readonly monthlyCalls: number | null;
  readonly monthlyTokens: number | null;
  readonly prices: Prices;
}

/** What becomes of a key: `kept` only where it goes on to the same server. */
interface KeyChange {
  readonly what: 'kept' | 'set' | 'revoked' | 'none';
  readonly setAt: Date | null;
  readonly key: string | null;
}

/**
 * Replaces the setting of the tenant or of one mailbox. A key is sealed and never shown again; where provider or server change, the one
 * before is dropped, so that nobody can have it sent to a server of theirs. Turning it on is consent, and recorded with who, when and to
 * whom mail goes. Throws `request.invalid`, `request.not-found`, `llm.endpoint-not-allowed`.
 */
export async function putLlmSettings(call: {
  readonly ctx: MemberContext;
  readonly input: LlmSettingsInput;
}): Promise<SettingView> {
  const { ctx, input } = call;
  authorize(ctx, 'llm.manage');
  const { store, llm, now } = ctx.parts;
  const { tenantId } = ctx.identity;
  const connection = checkedConnection(input, llm.allowed);
  const fallback = input.fallback === null ? null : checkedConnection(input.fallback, llm.allowed);

  return await store.withTenant(tenantId, actorOf(ctx), async (db) => {
    const before = await ownSetting(db, input.mailboxId);
    const former = before === null ? null : fallbackOf(before);
    const key = keyChange(input.key, connection, before && connectionOf(before), before?.keySetAt ?? null, now());
    const second = keyChange(input.fallback?.key, fallback, former, before?.fallbackKeySetAt ?? null, now());
    demandKey(input.enabled, connection, key, 'key');
    if (fallback !== null) demandKey(input.enabled, fallback, second, 'fallback.key');
    const { mailboxId, enabled, byDefault, monthlyCalls, monthlyTokens, prices } = input;
    const row = await db.llm.put({
      ...{ mailboxId, enabled, byDefault, connection, fallback, monthlyCalls, monthlyTokens, prices },
      ...{ keySetAt: key.setAt, fallbackKeySetAt: second.setAt },
    });
    if (row === null) throw new PosternError('request.not-found', 'There is no such mailbox here.');
    for (const [slot, change] of [['connection', key] as const, ['fallback', second] as const]) {
      if (change.what === 'kept') continue;
      const sealed = change.key === null ? null : llm.secrets.seal(keyOwner(tenantId, slot), change.key);
      await db.llm.setKey(row.id, slot, sealed);
    }
    await db.audit.append({
      action: actionOf(before?.enabled ?? false, enabled),
      target: mailboxId,
      outcome: 'succeeded',
      details: {
        ...{ enabled, provider: connection.provider, endpoint: connection.endpoint, every_scan: byDefault },
        ...{ triage_model: connection.triageModel, deep_model: connection.deepModel, key: key.what },
        ...{ fallback: fallback?.provider ?? null, fallback_endpoint: fallback?.endpoint ?? null },
        ...{ fallback_key: second.what, monthly_calls: monthlyCalls, monthly_tokens: monthlyTokens },
      },
    });
    return settingView(row);
  });
}

async function ownSetting(db: TenantDb, mailboxId: string | null): Promise<LlmSettingRow | null> {
  const row = await db.llm.effective(mailboxId);
  return row?.mailboxId === mailboxId ? row : null;
}

function actionOf(before: boolean, now: boolean): string {
  if (before === now) return 'llm.settings-changed';
  return now ? 'llm.enabled' : 'llm.disabled';
}

function keyChange(
  given: string | null | undefined,
  connection: Connection | null,
  before: Connection | null,
  setAt: Date | null,
  now: Date,
): KeyChange {
  if (typeof given === 'string' && connection !== null) return { what: 'set', setAt: now, key: given };
  const sameServer =
    connection !== null &&
    before !== null &&
    connection.provider === before.provider &&
    new URL(connection.endpoint).origin === new URL(before.endpoint).origin;
  if (given === undefined && sameServer && setAt !== null) return { what: 'kept', setAt, key: null };
  return { what: setAt === null ? 'none' : 'revoked', setAt: null, key: null };
}

function demandKey(enabled: boolean, { provider }: Connection, { setAt }: KeyChange, field: string): void {
  if (!enabled || setAt !== null || PROVIDERS[provider].key !== 'needed') return;
  throw invalid(field, `${PROVIDERS[provider].name} needs a key; one that was given for another server is not used.`);
}
