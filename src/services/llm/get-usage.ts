import { actorOf } from '../context.js';
import type { MemberContext } from '../context.js';
import { authorize } from '../permissions.js';
import { PROVIDERS } from './providers.js';

export interface UsageLine {
  readonly provider: string;
  readonly model: string;
  readonly mailbox_id: string | null;
  readonly calls: number;
  readonly failed: number;
  readonly input_tokens: number;
  readonly output_tokens: number;
  /** Estimated, in dollars; without the calls whose price is not known. */
  readonly cost: number;
  readonly calls_without_price: number;
  /** Of a call, mean. */
  readonly milliseconds: number;
}

export interface MonthlyUsage {
  readonly month: string;
  readonly lines: readonly UsageLine[];
  readonly calls: number;
  readonly tokens: number;
  readonly cost: number;
  /** Against the quota of this month, with what calls under way may still use. */
  readonly quota: { readonly calls: number; readonly tokens: number };
}

/** What language models were asked in a month ('YYYY-MM'; absent: this one), by model and mailbox. */
export async function getLlmUsage(call: {
  readonly ctx: MemberContext;
  readonly input: { readonly month?: string | undefined };
}): Promise<MonthlyUsage> {
  const { ctx, input } = call;
  authorize(ctx, 'llm.manage');
  const month = input.month ?? ctx.parts.now().toISOString().slice(0, 7);
  const { rows, quota } = await ctx.parts.store.withTenant(ctx.identity.tenantId, actorOf(ctx), async ({ llm }) => ({
    rows: await llm.usage(`${month}-01`),
    quota: await llm.used('tenant'),
  }));
  const lines = rows.map((row) => ({
    provider: nameOf(row.provider),
    ...{ model: row.model, mailbox_id: row.mailboxId, calls: row.calls, failed: row.failed },
    ...{ input_tokens: row.inputTokens, output_tokens: row.outputTokens, cost: row.costMicros / 1e6 },
    ...{ calls_without_price: row.unpriced, milliseconds: row.milliseconds },
  }));
  const sum = (of: (line: UsageLine) => number): number => lines.reduce((total, line) => total + of(line), 0);
  return {
    ...{ month, lines, quota, calls: sum((line) => line.calls) },
    tokens: sum((line) => line.input_tokens + line.output_tokens),
    cost: Math.round(sum((line) => line.cost) * 1e6) / 1e6,
  };
}

/** Records outlive what a later version knows. */
function nameOf(provider: string): string {
  return Object.entries(PROVIDERS).find(([id]) => id === provider)?.[1].name ?? provider;
}
