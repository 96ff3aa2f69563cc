import { LlmFault } from '../../intel/llm/provider.js';
import type { LlmAnswer, LlmUsage } from '../../intel/llm/provider.js';
import type { LlmQuestion } from '../../scanners/scanner.js';
import type { Actor, TenantId } from '../../store/store.js';
import type { LlmReservation, LlmSettingRow, NewLlmCall } from '../../store/tables/detection/llm.js';
import type { CircuitBreaker } from '../reputation/circuit-breaker.js';
import { pricesOf } from './connection.js';
import type { Connection } from './connection.js';
import { keyOwner } from './key-owner.js';
import type { Llm } from './llm.js';
import { costMicros } from './prices.js';
import { providerOf, PROVIDERS } from './providers.js';

export const LLM_WORKER: Actor = { kind: 'worker', job: 'llm' };

export interface ModelCall {
  readonly tenantId: TenantId;
  readonly mailboxId: string | null;
  readonly setting: LlmSettingRow;
  readonly slot: 'connection' | 'fallback';
  readonly connection: Connection;
  readonly model: string;
  readonly purpose: NewLlmCall['purpose'];
  readonly question: Omit<LlmQuestion, 'depth'>;
}

/** `quota`: nobody was asked, and nobody else need be. */
export type CallOutcome =
  | { readonly answer: LlmAnswer; readonly milliseconds: number }
  | { readonly fault: string; readonly kind: LlmFault['kind'] | 'quota' | 'paused' | 'key' | 'internal' };

/**
 * One call of one model: quota taken before it is sent, the breaker heeded, the outcome recorded whatever it was. Never rejects. The
 * answer is not checked here.
 */
export async function callModel(llm: Llm, call: ModelCall): Promise<CallOutcome> {
  const { connection, setting, model } = call;
  const name = PROVIDERS[connection.provider].name;
  try {
    const key = await openKey(llm, call);
    if (key === null && PROVIDERS[connection.provider].key === 'needed')
      return { fault: `${name}: no key is stored that opens`, kind: 'key' };
    const breaker = llm.breaker(`${setting.id} ${setting.revision} ${call.slot} ${model}`);
    const paused = breaker.enter();
    if (paused !== null) return { fault: `${name}: ${paused}`, kind: 'paused' };
    const reservation = await reserve(llm, call).catch((error: unknown) => {
      breaker.leave();
      throw error;
    });
    if (reservation === null) {
      breaker.leave();
      return { fault: 'the quota of this month is used up', kind: 'quota' };
    }
    return await send(llm, call, { key, breaker, reservation, name });
  } catch (error) {
    llm.log.error({ err: error }, 'a language model could not be asked');
    return { fault: `${name}: an error in postern`, kind: 'internal' };
  }
}

async function openKey({ store, secrets, log }: Llm, { tenantId, setting, slot }: ModelCall): Promise<string | null> {
  const sealed = await store.withTenant(tenantId, LLM_WORKER, ({ llm }) => llm.sealedKey(setting.id, slot));
  if (sealed === null) return null;
  try {
    return secrets.open(keyOwner(tenantId, slot), sealed) as string;
  } catch (error) {
    log.error({ err: error, tenant: tenantId }, 'the key of a language model cannot be opened with the master keys');
    return null;
  }
}

/** No text has more tokens than bytes: what is reserved is never less than what will be used. */
function reserve({ store }: Llm, { tenantId, setting, question }: ModelCall): Promise<LlmReservation | null> {
  const text = question.system + question.user + JSON.stringify(question.schema);
  const tokens = Buffer.byteLength(text) + question.maxTokens;
  return store.withTenant(tenantId, LLM_WORKER, ({ llm }) => llm.reserve(setting, tokens));
}

async function send(
  llm: Llm,
  call: ModelCall,
  held: {
    readonly key: string | null;
    readonly breaker: CircuitBreaker;
    readonly reservation: LlmReservation;
    readonly name: string;
  },
): Promise<CallOutcome> {
  const { connection, model, question } = call;
  const started = performance.now();
  const elapsed = (): number => performance.now() - started;
  try {
    const provider = providerOf(connection, held.key, llm.http);
    const answer = await provider.complete({ ...question, model, signal: llm.signal });
    held.breaker.succeed();
    await settle(llm, call, held.reservation, answer, elapsed(), 'answered');
    return { answer, milliseconds: elapsed() };
  } catch (error) {
    if (!(error instanceof LlmFault)) {
      held.breaker.leave();
      await settle(llm, call, held.reservation, NO_USAGE, elapsed(), 'stopped');
      if (llm.signal.aborted) return { fault: 'postern is stopping', kind: 'internal' };
      throw error;
    }
    tell(held.breaker, error);
    await settle(llm, call, held.reservation, error.usage, elapsed(), error.kind);
    return { fault: `${held.name}: ${error.message}`, kind: error.kind };
  }
}

const NO_USAGE: LlmUsage = { inputTokens: null, outputTokens: null };
/** Certainly cost nothing: nothing was read by a model. */
const FREE = new Set<string>(['refused', 'busy', 'unanswerable', 'unreachable', 'forbidden']);

/** What a provider does not count stays charged as reserved, so that no quota is overrun by silence. */
async function settle(
  { store }: Llm,
  { tenantId, mailboxId, connection, model, purpose, setting }: ModelCall,
  reservation: LlmReservation,
  { inputTokens, outputTokens }: LlmUsage,
  milliseconds: number,
  outcome: string,
): Promise<void> {
  const counted = inputTokens === null || outputTokens === null ? null : inputTokens + outputTokens;
  const tokens = counted ?? (FREE.has(outcome) ? 0 : reservation.tokens);
  const { provider } = connection;
  const cost = FREE.has(outcome) ? 0 : costMicros(provider, model, { inputTokens, outputTokens }, pricesOf(setting));
  await store.withTenant(tenantId, LLM_WORKER, ({ llm }) =>
    llm.settle(reservation, tokens, {
      ...{ mailboxId, purpose, provider, model, inputTokens, outputTokens, milliseconds, outcome },
      costMicros: cost,
    }),
  );
}

/** What concerns one question alone says nothing of the model. */
function tell(breaker: CircuitBreaker, { kind, message, retryAfterSeconds }: LlmFault): void {
  const askedMs = retryAfterSeconds === null ? null : retryAfterSeconds * 1000;
  if (kind === 'declined' || kind === 'malformed' || kind === 'stopped') breaker.succeed();
  else if (kind === 'refused' || kind === 'busy' || askedMs !== null) breaker.open(message, askedMs);
  else if (kind === 'forbidden') breaker.leave();
  else breaker.fail(message);
}
