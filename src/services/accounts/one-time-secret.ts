import { randomBytes } from 'node:crypto';
import type { HeldToken } from '../../store/interfaces/account-tables.js';
import type { SystemDb, UserRow } from '../../store/store.js';
import { hashSecret } from './sessions/refresh-token.js';

/** What somebody holds once: 256 random bits, of which the database knows the hash. */
export function newSecret(): { readonly secret: string; readonly hash: Uint8Array } {
  const secret = randomBytes(32).toString('base64url');
  return { secret, hash: hashSecret(secret) };
}

/** Whose token it is; null for nobody's and for somebody who is suspended. */
export async function holderOf(db: SystemDb, held: HeldToken | null): Promise<UserRow | null> {
  if (held === null || held.userId === null) return null;
  const user = await db.findUserById(held.userId);
  return user?.suspended === false ? user : null;
}
