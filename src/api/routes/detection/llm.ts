import type { z } from 'zod';
import { deleteLlmSettings } from '../../../services/llm/delete-settings.js';
import { getLlmAvailability } from '../../../services/llm/get-availability.js';
import { getLlmSettings } from '../../../services/llm/get-settings.js';
import { getLlmUsage } from '../../../services/llm/get-usage.js';
import { listLlmProviders } from '../../../services/llm/list-providers.js';
import { putLlmSettings } from '../../../services/llm/put-settings.js';
import type { LlmSettingsInput as Input } from '../../../services/llm/put-settings.js';
import { testLlmSettings } from '../../../services/llm/test-settings.js';
import { answer, route } from '../../route.js';
import {
  LlmAvailability,
  LlmProviders,
  LlmScope,
  LlmSetting,
  LlmSettings,
  LlmSettingsInput,
  LlmTest,
  LlmUsage,
  LlmUsageQuery,
} from '../../schemas/detection/llm.js';

const tag = 'Language model';

export const LLM_ROUTES = [
  route({
    ...{ method: 'get', path: '/llm', name: 'getLlmAvailability', tag },
    summary: 'Whether a language model reads along',
    access: 'bearer',
    responses: { 200: { description: 'For everybody whose mail it may read.', schema: LlmAvailability } },
    async handle({ ctx }) {
      return answer(200, await getLlmAvailability({ ctx }));
    },
  }),

  route({
    ...{ method: 'get', path: '/llm/providers', name: 'listLlmProviders', tag },
    summary: 'Providers of language models, with what each does with your data',
    access: 'bearer',
    responses: { 200: { description: 'Whom one can choose.', schema: LlmProviders } },
    handle: ({ ctx }) => Promise.resolve(answer(200, { items: listLlmProviders({ ctx }) })),
  }),

  route({
    ...{ method: 'get', path: '/llm/settings', name: 'getLlmSettings', tag },
    summary: 'What language model reads here',
    access: 'bearer',
    responses: { 200: { description: 'Of the tenant, and of mailboxes with their own.', schema: LlmSettings } },
    errors: ['auth.forbidden'],
    async handle({ ctx }) {
      return answer(200, await getLlmSettings({ ctx }));
    },
  }),

  route({
    ...{ method: 'put', path: '/llm/settings', name: 'putLlmSettings', tag },
    summary: 'Choose a language model, or change its key',
    access: 'bearer',
    query: LlmScope,
    body: LlmSettingsInput,
    responses: { 200: { description: 'As it is stored; without the key.', schema: LlmSetting } },
    errors: ['auth.forbidden', 'request.not-found', 'llm.endpoint-not-allowed'],
    async handle({ ctx, query, body }) {
      return answer(200, await putLlmSettings({ ctx, input: inputOf(body, query.mailbox ?? null) }));
    },
  }),

  route({
    ...{ method: 'delete', path: '/llm/settings', name: 'deleteLlmSettings', tag },
    summary: 'Switch the language model off and destroy its keys',
    access: 'bearer',
    query: LlmScope,
    responses: { 204: { description: 'It is gone.' } },
    errors: ['auth.forbidden', 'request.not-found'],
    async handle({ ctx, query }) {
      await deleteLlmSettings({ ctx, input: { mailboxId: query.mailbox ?? null } });
      return answer(204);
    },
  }),

  route({
    ...{ method: 'post', path: '/llm/test', name: 'testLlmSettings', tag },
    summary: 'Ask each model one small question',
    description: 'Of the stored setting, without any mail. It counts and is recorded like every call.',
    access: 'bearer',
    query: LlmScope,
    responses: { 200: { description: 'What came back.', schema: LlmTest } },
    errors: ['auth.forbidden', 'request.not-found'],
    async handle({ ctx, query }) {
      return answer(200, await testLlmSettings({ ctx, input: { mailboxId: query.mailbox ?? null } }));
    },
  }),

  route({
    ...{ method: 'get', path: '/llm/usage', name: 'getLlmUsage', tag },
    summary: 'What language models were asked in a month',
    access: 'bearer',
    query: LlmUsageQuery,
    responses: { 200: { description: 'By model and mailbox.', schema: LlmUsage } },
    errors: ['auth.forbidden'],
    async handle({ ctx, query }) {
      return answer(200, await getLlmUsage({ ctx, input: query }));
    },
  }),
] as const;

type Body = z.output<typeof LlmSettingsInput>;

function inputOf(body: Body, mailboxId: string | null): Input {
  const { enabled, scans, fallback, monthly_calls: monthlyCalls, monthly_tokens: monthlyTokens, prices } = body;
  return {
    ...{ mailboxId, enabled, byDefault: scans === 'every', ...connectionOf(body) },
    fallback: fallback === null ? null : connectionOf(fallback),
    ...{ monthlyCalls, monthlyTokens, prices },
  };
}

function connectionOf(given: Omit<NonNullable<Body['fallback']>, never>): NonNullable<Input['fallback']> {
  const { provider, endpoint, api_version: apiVersion, triage_model: triageModel, deep_model: deepModel, key } = given;
  return { provider, endpoint, apiVersion, triageModel, deepModel, key };
}
