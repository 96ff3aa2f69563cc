import { actorOf } from '../context.js';
import type { MemberContext } from '../context.js';
import { authorize } from '../permissions.js';
import { connectionOf } from './connection.js';
import { PROVIDERS } from './providers.js';

export interface LlmAvailability {
  /** A scan can be made with a language model. */
  readonly available: boolean;
  /** It is, unless the request says otherwise. */
  readonly by_default: boolean;
  /** Who would read; null where nobody does. */
  readonly provider: string | null;
}

/** Whether a language model reads along: everybody whose mail it reads may know. */
export async function getLlmAvailability({ ctx }: { readonly ctx: MemberContext }): Promise<LlmAvailability> {
  authorize(ctx, 'llm.know');
  const { store } = ctx.parts;
  const row = await store.withTenant(ctx.identity.tenantId, actorOf(ctx), ({ llm }) => llm.effective(null));
  if (row?.enabled !== true) return { available: false, by_default: false, provider: null };
  return { available: true, by_default: row.byDefault, provider: PROVIDERS[connectionOf(row).provider].name };
}
