import { createHash, randomBytes, randomUUID } from 'node:crypto';

/** A refresh token names its session, so that a stolen and outdated one can end it. */
export interface RefreshToken {
  readonly sessionId: string;
  readonly secret: string;
}

export function newRefreshToken(sessionId: string = randomUUID()): RefreshToken {
  return { sessionId, secret: randomBytes(32).toString('base64url') };
}

export function writeRefreshToken({ sessionId, secret }: RefreshToken): string {
  return `${sessionId}.${secret}`;
}

/** Null for anything that was never issued. */
export function readRefreshToken(text: string): RefreshToken | null {
  const match = /^([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})\.([\w-]{43})$/.exec(text);
  return match?.[1] === undefined || match[2] === undefined ? null : { sessionId: match[1], secret: match[2] };
}

/** What is stored. The secret has 256 random bits, so a fast hash is enough. */
export function hashSecret(secret: string): Uint8Array {
  return createHash('sha256').update(secret).digest();
}
