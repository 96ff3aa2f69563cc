import type { LlmQuestion, LlmReply, LookupAnswer } from '../../scanners/scanner.js';
import type { TenantId } from '../../store/store.js';
import type { LlmSettingRow } from '../../store/tables/detection/llm.js';
import { callModel, LLM_WORKER } from './call-model.js';
import type { ModelCall } from './call-model.js';
import { connectionOf, fallbackOf } from './connection.js';
import type { Connection } from './connection.js';
import type { Llm } from './llm.js';
import { PROVIDERS } from './providers.js';

export interface LlmScope {
  readonly tenantId: TenantId;
  readonly mailboxId: string | null;
}

/**
 * Answers one question of a scan with the models of a tenant or mailbox: the one for its depth, and where that fails the fallback's. The
 * settings are read anew each time, so that a revoked key is not used again. Never rejects.
 */
export async function askModel(llm: Llm, scope: LlmScope, asked: LlmQuestion): Promise<LookupAnswer<LlmReply>> {
  const { tenantId, mailboxId } = scope;
  const { depth, ...question } = asked;
  let setting: LlmSettingRow | null;
  try {
    setting = await llm.store.withTenant(tenantId, LLM_WORKER, (db) => db.llm.effective(mailboxId));
  } catch (error) {
    llm.log.error({ err: error }, 'the settings of a language model cannot be read');
    return { unavailable: 'the settings of the language model cannot be read' };
  }
  if (setting?.enabled !== true) return { unavailable: 'no language model is configured', off: true };
  const choices = choicesOf(setting, depth);
  if (choices.length === 0) return { unavailable: 'no model for a thorough reading is configured', off: true };
  const faults: string[] = [];
  for (const choice of choices) {
    const outcome = await callModel(llm, { ...choice, tenantId, mailboxId, setting, purpose: depth, question });
    if ('answer' in outcome) {
      const { model, json } = outcome.answer;
      return { answer: { json, by: `${model.slice(0, 100)} at ${PROVIDERS[choice.connection.provider].name}` } };
    }
    // A quota is the tenant's own choice: to heed it is no failure.
    if (outcome.kind === 'quota') return { unavailable: outcome.fault, off: true };
    faults.push(outcome.fault);
  }
  return { unavailable: faults.join('; ') };
}

type Choice = Pick<ModelCall, 'slot' | 'connection' | 'model'>;

function choicesOf(setting: LlmSettingRow, depth: LlmQuestion['depth']): readonly Choice[] {
  const connection = connectionOf(setting);
  const fallback = fallbackOf(setting);
  const first = modelFor(connection, depth);
  if (first === null) return [];
  const second: Choice[] =
    fallback === null
      ? []
      : [{ slot: 'fallback', connection: fallback, model: modelFor(fallback, depth) ?? fallback.triageModel }];
  return [{ slot: 'connection', connection, model: first }, ...second];
}

function modelFor({ triageModel, deepModel }: Connection, depth: LlmQuestion['depth']): string | null {
  return depth === 'triage' ? triageModel : deepModel;
}
