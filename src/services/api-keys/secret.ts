import { createHash, randomBytes } from 'node:crypto';

/** Both kinds can be told from anything else at sight, also by programs that look for secrets where none belong. */
const PATTERN = /^pst_(?:test_)?[A-Za-z0-9_-]{43}$/;
const SECRET_BYTES = 32;

export interface KeySecret {
  readonly secret: string;
  readonly hash: Uint8Array;
  /** Prefix and four characters: recognised by its owner, of no use to anyone else. */
  readonly hint: string;
}

export function newSecret(sandbox: boolean): KeySecret {
  const prefix = sandbox ? 'pst_test_' : 'pst_';
  const secret = prefix + randomBytes(SECRET_BYTES).toString('base64url');
  return { secret, hash: hashOf(secret), hint: secret.slice(0, prefix.length + 4) };
}

export function looksLikeKey(token: string): boolean {
  return PATTERN.test(token);
}

/** A plain hash is enough: 256 random bits cannot be guessed, whatever the hash costs. */
export function hashOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
