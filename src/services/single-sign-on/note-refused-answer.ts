import { createHash } from 'node:crypto';
import type { PosternError } from '../../errors.js';
import type { OrganisationProviderRow } from '../../store/interfaces/single-sign-on.js';
import type { PublicContext } from '../context.js';

/**
 * A refusal of a provider's answer, with its reason, in the organisation's log: whoever sets the provider up finds there what is wrong
 * with it. Anybody can bring one about, so of each kind the first of a minute is written, the tenth, the hundredth, and there are eight
 * kinds: reasons can quote what a stranger wrote, who could write something else each time.
 */
export async function noteRefusedAnswer(call: {
  readonly ctx: PublicContext;
  readonly input: { readonly provider: OrganisationProviderRow; readonly error: PosternError };
}): Promise<void> {
  const { ctx, input } = call;
  const { id, tenantId } = input.provider;
  const { cause, code } = input.error;
  const reason = cause instanceof Error ? cause.message.slice(0, 300) : code;
  await ctx.parts.store.withTenant(tenantId, { kind: 'worker', job: 'sign-in' }, async (db) => {
    const attempts = await db.audit.countRefusal(`auth.organisation-refused ${id} ${kindOf(reason)}`);
    if (attempts === null) return;
    await db.audit.append({
      ...{ action: 'auth.organisation-refused', target: `provider:${id}`, outcome: 'refused' },
      details: { reason, ...(attempts === 1 ? {} : { attempts }) },
    });
  });
}

const KINDS = 8;

function kindOf(reason: string): number {
  return createHash('sha256').update(reason).digest().readUInt32BE() % KINDS;
}
