import type { PublicContext } from '../context.js';

/** True while the database answers. */
export async function checkReady({ ctx }: { readonly ctx: Pick<PublicContext, 'parts'> }): Promise<boolean> {
  try {
    await ctx.parts.store.withSystem('health', (db) => db.ping());
    return true;
  } catch (error) {
    ctx.parts.log.debug({ err: error }, 'the database does not answer');
    return false;
  }
}
