import { createRemoteJWKSet, customFetch, errors, jwtVerify } from 'jose';
import { z } from 'zod';
import type { HttpClient } from '../../net/http-client.js';
import { fetchWith } from '../../net/fetch-with.js';

export interface PushVerifierOptions {
  readonly http: HttpClient;
  /** Google's public keys as a JWK set; https://www.googleapis.com/oauth2/v3/certs. */
  readonly certsUrl: string;
  /** As the push subscription was given it. */
  readonly audience: () => string;
  /** The service account that signs for the push subscription. */
  readonly account: string;
  readonly now?: () => Date;
}

export interface PushVerifier {
  /**
   * - `valid`: Google signed it for this address, on behalf of that account, and it has not expired.
   * - `invalid`: it did not.
   * - `unknown`: Google's keys cannot be had now; Pub/Sub delivers again.
   */
  verify(bearer: string | null): Promise<'valid' | 'invalid' | 'unknown'>;
}

const ISSUERS = ['https://accounts.google.com', 'accounts.google.com'];
/** Longer than any of Google's. */
const MAX_LENGTH = 4096;
const Claims = z.object({ email: z.string(), email_verified: z.literal(true) });

/** The token that Pub/Sub sends along (cloud.google.com/pubsub/docs/authenticate-push-subscriptions). */
export function createPushVerifier(options: PushVerifierOptions): PushVerifier {
  const { http, certsUrl, audience, account, now = () => new Date() } = options;
  // Fetched once, and again for a key that is not known, but not more often than every 30 s: strangers choose the key's name.
  const keys = createRemoteJWKSet(new URL(certsUrl), { [customFetch]: fetchWith(http) });

  return {
    async verify(bearer) {
      if (bearer === null || bearer.length > MAX_LENGTH) return 'invalid';
      try {
        const { payload } = await jwtVerify(bearer, keys, {
          algorithms: ['RS256'],
          issuer: ISSUERS,
          audience: audience(),
          requiredClaims: ['exp', 'iat'],
          // Clocks of two machines.
          clockTolerance: 30,
          currentDate: now(),
        });
        const claims = Claims.safeParse(payload);
        return claims.success && claims.data.email.toLowerCase() === account.toLowerCase() ? 'valid' : 'invalid';
      } catch (error) {
        return isNoKeys(error) ? 'unknown' : 'invalid';
      }
    },
  };
}

/** jose names everything that is wrong with a token; what is left went wrong while the keys were fetched. */
function isNoKeys(error: unknown): boolean {
  if (error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid) return true;
  return !(error instanceof errors.JOSEError) || error.code === 'ERR_JOSE_GENERIC';
}

const Envelope = z.object({
  message: z.object({ data: z.string().max(4096), messageId: z.string().max(100).optional() }),
});
const Notice = z.object({ emailAddress: z.string().max(320), historyId: z.union([z.string(), z.number()]) });

/** The mailbox that a push is about, in lower case; null for what is none of Gmail's. */
export function addressOfPush(body: unknown): string | null {
  const envelope = Envelope.safeParse(body);
  if (!envelope.success) return null;
  try {
    const text = Buffer.from(envelope.data.message.data, 'base64').toString('utf8');
    const notice = Notice.safeParse(JSON.parse(text));
    return notice.success ? notice.data.emailAddress.toLowerCase() : null;
  } catch {
    return null;
  }
}
