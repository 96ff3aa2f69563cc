import { SignJWT, jwtVerify } from 'jose';
import { PosternError } from '../errors.js';
import type { KeyRing } from './key-ring.js';

export interface AccessClaims {
  readonly userId: string;
  readonly tenantId: string;
  readonly sessionId: string;
  /** The account's token epoch when it was issued. */
  readonly epoch: number;
}

export interface AccessTokens {
  /** Valid for 15 minutes, or for `atMostSeconds` where that is less. */
  issue(claims: AccessClaims, atMostSeconds?: number): Promise<{ readonly token: string; readonly expiresIn: number }>;
  /** Throws `auth.token-invalid`, whatever is wrong with it. */
  verify(token: string): Promise<AccessClaims>;
}

const LIFETIME_S = 15 * 60;
const ISSUER = 'postern';
const AUDIENCE = 'postern-api';
/** Longer than any token of ours; nothing bigger is worth parsing. */
const MAX_LENGTH = 2048;

/** Verified tokens that are remembered at most. */
const MOST_KNOWN = 2000;

interface Known {
  readonly claims: AccessClaims;
  /** Seconds since 1970. */
  readonly expires: number;
}

/** JWTs signed with HS256 (RFC 7519). The algorithm is fixed here, and the header's `kid` only chooses among keys of the ring. */
export function createAccessTokens(ring: KeyRing, now: () => Date = () => new Date()): AccessTokens {
  const keys = ring.forPurpose('access-tokens');
  const [newest] = keys;
  // A client sends the same token for a quarter of an hour; to the letter the same, or it is verified anew.
  const known = new Map<string, Known>();

  return {
    async issue({ userId, tenantId, sessionId, epoch }, atMostSeconds = LIFETIME_S) {
      const expiresIn = Math.max(0, Math.min(LIFETIME_S, atMostSeconds));
      const issuedAt = Math.floor(now().getTime() / 1000);
      const token = await new SignJWT({ tid: tenantId, sid: sessionId, epoch })
        .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', kid: newest.id })
        .setSubject(userId)
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + expiresIn)
        .sign(newest.key);
      return { token, expiresIn };
    },

    async verify(token) {
      const seconds = now().getTime() / 1000;
      const before = known.get(token);
      if (before !== undefined && seconds < before.expires) return before.claims;
      known.delete(token);
      try {
        if (!isWellFormed(token)) throw new Error('not a compact JWS');
        const { payload } = await jwtVerify(
          token,
          ({ kid }) => {
            const found = keys.find(({ id }) => id === kid);
            if (found === undefined) throw new Error('no such key');
            return found.key;
          },
          {
            algorithms: ['HS256'],
            typ: 'at+jwt',
            issuer: ISSUER,
            audience: AUDIENCE,
            requiredClaims: ['sub', 'tid', 'sid', 'epoch', 'iat', 'exp'],
            currentDate: now(),
          },
        );
        const { sub, tid, sid, epoch } = payload;
        if (
          typeof sub !== 'string' ||
          typeof tid !== 'string' ||
          typeof sid !== 'string' ||
          typeof epoch !== 'number'
        ) {
          throw new Error('claims of the wrong type');
        }
        const claims = { userId: sub, tenantId: tid, sessionId: sid, epoch };
        remember(token, { claims, expires: payload.exp ?? 0 });
        return claims;
      } catch (cause) {
        throw new PosternError('auth.token-invalid', 'The access token is not valid or has expired.', { cause });
      }
    },
  };

  function remember(token: string, entry: Known): void {
    known.set(token, entry);
    if (known.size <= MOST_KNOWN) return;
    const [oldest] = known.keys();
    if (oldest !== undefined) known.delete(oldest);
  }
}

/** Exactly one spelling of a token is accepted: jose forgives white space and unused bits, by which a revoked one could be respelt. */
function isWellFormed(token: string): boolean {
  const parts = token.length <= MAX_LENGTH ? token.split('.') : [];
  return parts.length === 3 && parts.every((part) => Buffer.from(part, 'base64url').toString('base64url') === part);
}
