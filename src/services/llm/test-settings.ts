import { PosternError } from '../../errors.js';
import { actorOf } from '../context.js';
import type { MemberContext } from '../context.js';
import { authorize } from '../permissions.js';
import { callModel } from './call-model.js';
import type { ModelCall } from './call-model.js';
import { connectionOf, fallbackOf } from './connection.js';
import { PROVIDERS } from './providers.js';

export interface TestedModel {
  readonly provider: string;
  readonly model: string;
  readonly ok: boolean;
  /** What came back, in words; never the key. */
  readonly says: string;
  readonly milliseconds: number | null;
  readonly input_tokens: number | null;
  readonly output_tokens: number | null;
}

/** Nothing of any mail. Room for models that think first. */
const QUESTION: ModelCall['question'] = {
  system: 'You are asked whether you work. Answer with JSON only.',
  user: 'Answer with the word "ready".',
  schema: {
    type: 'object',
    properties: { word: { type: 'string' } },
    required: ['word'],
    additionalProperties: false,
  },
  maxTokens: 1000,
};

/** Asks each model of a stored setting one small question, counted and recorded like any other. Throws `request.not-found`. */
export async function testLlmSettings(call: {
  readonly ctx: MemberContext;
  readonly input: { readonly mailboxId: string | null };
}): Promise<{ readonly models: readonly TestedModel[] }> {
  const { ctx, input } = call;
  authorize(ctx, 'llm.manage');
  const { store } = ctx.parts;
  const { tenantId } = ctx.identity;
  const { mailboxId } = input;
  const setting = await store.withTenant(tenantId, actorOf(ctx), (db) => db.llm.effective(mailboxId));
  if (setting?.mailboxId !== mailboxId) throw new PosternError('request.not-found', 'There is no such setting.');
  const fallback = fallbackOf(setting);
  const all = [
    { slot: 'connection' as const, connection: connectionOf(setting) },
    ...(fallback === null ? [] : [{ slot: 'fallback' as const, connection: fallback }]),
  ];
  const calls = all.flatMap(({ slot, connection }) =>
    [...new Set([connection.triageModel, connection.deepModel])]
      .filter((model) => model !== null)
      .map((model): ModelCall => {
        return { tenantId, mailboxId, setting, slot, connection, model, purpose: 'test', question: QUESTION };
      }),
  );
  const models: TestedModel[] = [];
  for (const one of calls) models.push(await tested(ctx, one));
  return { models };
}

async function tested(ctx: MemberContext, call: ModelCall): Promise<TestedModel> {
  const outcome = await callModel(ctx.parts.llm, call);
  const base = { provider: PROVIDERS[call.connection.provider].name, model: call.model };
  if (!('answer' in outcome)) {
    return { ...base, ok: false, says: outcome.fault, milliseconds: null, input_tokens: null, output_tokens: null };
  }
  const { json, inputTokens, outputTokens } = outcome.answer;
  const word = typeof json === 'object' && json !== null && 'word' in json ? json.word : undefined;
  const ok = typeof word === 'string';
  return {
    ...{
      ...base,
      ok,
      says: ok ? `it answers “${word.slice(0, 40)}”` : 'it answers, but does not keep to the form asked for',
    },
    milliseconds: Math.round(outcome.milliseconds),
    ...{ input_tokens: inputTokens, output_tokens: outputTokens },
  };
}
