import type { PublicContext } from '../context.js';

/** True until the first administrator exists. */
export async function needsSetup({ ctx }: { readonly ctx: Pick<PublicContext, 'parts'> }): Promise<boolean> {
  return await ctx.parts.store.withSystem('setup', (db) => db.needsSetup());
}
