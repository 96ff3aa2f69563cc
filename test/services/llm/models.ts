import { createLog } from '../../../src/log.js';
import type { MemberContext } from '../../../src/services/context.js';
import { openLlm } from '../../../src/services/llm/llm.js';
import type { Llm } from '../../../src/services/llm/llm.js';
import type { LlmSettingsInput } from '../../../src/services/llm/put-settings.js';
import type { TenantRole } from '../../../src/store/store.js';
import { startAnthropic } from '../../intel/fakes/llm/anthropic.js';
import type { FakeModel } from '../../intel/fakes/llm/fake-model.js';
import { startOllama } from '../../intel/fakes/llm/ollama.js';
import { startOpenAi } from '../../intel/fakes/llm/openai.js';
import { createTestParts } from '../parts.js';
import type { TestParts } from '../parts.js';

export const OPENAI_KEY = 'sk-test-0123456789';
export const ANTHROPIC_KEY = 'sk-ant-test-9876';

/** A tenant's world: three strict models on this machine, which the operator allows. */
export interface TestModels {
  readonly test: TestParts;
  readonly openai: FakeModel;
  readonly anthropic: FakeModel;
  readonly ollama: FakeModel;
  readonly fakes: readonly FakeModel[];
  /** A member of a tenant, whose requests may reach the fakes. */
  context(role?: TenantRole, tenant?: string): Promise<MemberContext>;
  /** A setting that works, with the small and the large model of OpenAI's format. */
  setting(more?: Partial<LlmSettingsInput>): LlmSettingsInput;
  /** Everything as if nobody had asked yet. */
  calm(): void;
  close(): Promise<void>;
}

export async function startModels(timeoutMs = 1000): Promise<TestModels> {
  const test = await createTestParts();
  const openai = await startOpenAi({ flavour: 'openai', key: OPENAI_KEY, models: ['gpt-4o-mini', 'gpt-4.1'] });
  const anthropic = await startAnthropic(ANTHROPIC_KEY, ['claude-haiku-4-5', 'claude-sonnet-4-5']);
  const ollama = await startOllama(['llama3.2']);
  const fakes = [openai, anthropic, ollama];
  const { store, llm } = test.parts;
  const opened: Llm = openLlm({
    ...{ store, secrets: llm.secrets, log: createLog('silent'), timeoutMs },
    endpoints: fakes.map(({ url }) => url),
  });
  return {
    ...{ test, openai, anthropic, ollama, fakes },
    async context(role = 'org_owner', tenant) {
      const ctx = await test.context(role, tenant);
      return { ...ctx, parts: { ...ctx.parts, llm: opened } };
    },
    setting: (more = {}) => ({
      ...{ mailboxId: null, enabled: true, byDefault: true, provider: 'openai', endpoint: `${openai.url}/v1` },
      ...{ triageModel: 'gpt-4o-mini', deepModel: 'gpt-4.1', key: OPENAI_KEY, fallback: null },
      ...{ monthlyCalls: null, monthlyTokens: null, prices: {}, ...more },
    }),
    calm() {
      for (const fake of fakes) {
        fake.write = () => '{"judgement":"harmless","claims":[]}';
        fake.trouble = null;
        fake.stopsAfter = null;
        fake.ends = null;
      }
    },
    async close() {
      await opened.close();
      await test.close();
      for (const fake of fakes) await fake.close();
    },
  };
}
