import { PosternError } from '../../errors.js';
import { actorOf } from '../context.js';
import type { MemberContext } from '../context.js';
import { authorize } from '../permissions.js';

/** Switches the language model off and destroys its keys here. Throws `request.not-found` where there was no setting. */
export async function deleteLlmSettings(call: {
  readonly ctx: MemberContext;
  readonly input: { readonly mailboxId: string | null };
}): Promise<void> {
  const { ctx, input } = call;
  authorize(ctx, 'llm.manage');
  const { mailboxId } = input;
  await ctx.parts.store.withTenant(ctx.identity.tenantId, actorOf(ctx), async (db) => {
    if (!(await db.llm.remove(mailboxId))) throw new PosternError('request.not-found', 'There is no such setting.');
    await db.audit.append({ action: 'llm.revoked', target: mailboxId, outcome: 'succeeded', details: {} });
  });
}
