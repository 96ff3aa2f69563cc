import type { PosternError } from '../../errors.js';
import type { OrganisationProviderRow } from '../../store/interfaces/single-sign-on.js';
import type { PublicContext } from '../context.js';
import { RefusalReason } from './refusal-reason.js';

/**
 * A refusal of a provider's answer, with its reason, in the organisation's log: whoever sets the provider up finds there what is wrong
 * with it. Anybody can bring one about, so of each kind the first of a minute is written, the tenth, the hundredth. The kind is what failed
 * and never the words: these can quote what a stranger wrote, who could hide a kind, or make more of them, by writing something else.
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
    const attempts = await db.audit.countRefusal(`auth.organisation-refused ${id} ${kindOf(input.error)}`);
    if (attempts === null) return;
    await db.audit.append({
      ...{ action: 'auth.organisation-refused', target: `provider:${id}`, outcome: 'refused' },
      details: { reason, ...(attempts === 1 ? {} : { attempts }) },
    });
  });
}

function kindOf({ cause, code }: PosternError): string {
  if (cause instanceof RefusalReason) return cause.kind;
  // The codes of the OpenID Connect library are constants, and few.
  const named = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return /^OAUTH_[A-Z_]{1,60}$/.test(named) ? named : code;
}
