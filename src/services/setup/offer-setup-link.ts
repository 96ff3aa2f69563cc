import { randomBytes } from 'node:crypto';
import { hashSecret } from '../accounts/sessions/refresh-token.js';
import type { PublicContext } from '../context.js';

const VALID_MS = 24 * 60 * 60 * 1000;

/**
 * A fresh token for the set-up link, valid for a day and once; links from earlier starts become void. Null where postern has been
 * set up.
 */
export async function offerSetupLink({ ctx }: { readonly ctx: Pick<PublicContext, 'parts'> }): Promise<string | null> {
  const { store, now } = ctx.parts;
  const token = randomBytes(24).toString('base64url');
  return await store.withSystem('setup', async (db) => {
    if (!(await db.needsSetup())) return null;
    await db.setupLinks.replace(hashSecret(token), new Date(now().getTime() + VALID_MS));
    return token;
  });
}
