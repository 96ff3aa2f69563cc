import { randomBytes } from 'node:crypto';
import { hashSecret } from '../accounts/sessions/refresh-token.js';
import type { Parts } from '../context.js';
import type { SystemDb } from '../../store/store.js';
import type { TokenPurpose } from '../../store/interfaces/account-tables.js';

const VALID_MS = 5 * 60_000;

/** Passkeys are bound to the host people reach postern at: a look-alike page gets nothing from them. */
export function relyingParty(parts: Parts): { readonly id: string; readonly origin: string } {
  const { hostname, origin } = new URL(parts.accounts.publicUrl());
  return { id: hostname, origin };
}

/** Random bytes that are answered once, within five minutes. */
export async function keepChallenge(
  parts: Parts,
  db: SystemDb,
  purpose: TokenPurpose,
  userId: string | null,
): Promise<Uint8Array<ArrayBuffer>> {
  const challenge = new Uint8Array(randomBytes(32));
  const hash = hashSecret(Buffer.from(challenge).toString('base64url'));
  await db.tokens.keep({ hash, purpose, userId, expiresAt: new Date(parts.now().getTime() + VALID_MS) });
  return challenge;
}

/** Spends the challenge that a browser says it signed; false for one that was never given to this person, was used, or is old. */
export async function spendChallenge(
  parts: Parts,
  purpose: TokenPurpose,
  userId: string | null,
  challenge: string,
): Promise<boolean> {
  const held = await parts.store.withSystem('sign-in', (db) => db.tokens.spend(hashSecret(challenge), purpose));
  return held !== null && held.userId === userId;
}
