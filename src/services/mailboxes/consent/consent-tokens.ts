import type { AccessTokens } from '../../../connectors/access-tokens.js';
import { ConnectorFault } from '../../../connectors/connector.js';
import { OAuthFault } from '../../../net/oauth-client.js';
import type { OAuthClient } from '../../../net/oauth-client.js';
import type { ConnectorAccount } from '../providers.js';
import { Granted, renewed } from './granted.js';

/** Before this much of its life is left a token is replaced: a request may take a while. */
const MARGIN_MS = 2 * 60_000;
/** While it waits a row is locked. */
const PATIENCE_MS = 10_000;

/**
 * Access tokens of a consent, replaced before they expire and stored sealed again. Of all processes one asks the provider: the row is
 * locked meanwhile, and the others find what it got. That matters where each refresh token works once.
 */
export function consentTokens(options: {
  readonly account: Pick<ConnectorAccount, 'secret' | 'renewSecret'>;
  readonly oauth: Pick<OAuthClient, 'refresh'>;
  readonly provider: string;
  readonly now: () => Date;
}): AccessTokens {
  const { account, oauth, provider, now } = options;
  let known = Granted.parse(account.secret);
  let renewing: Promise<void> | null = null;
  const fresh = (granted: Granted, refused: string | null) =>
    granted.accessToken !== refused && Date.parse(granted.expiresAt) - now().getTime() > MARGIN_MS;

  async function renew(refused: string | null): Promise<void> {
    const stored = await account.renewSecret(async (secret) => {
      const current = Granted.parse(secret);
      // Another process was faster.
      if (current.accessToken !== known.accessToken && fresh(current, refused)) return current;
      return renewed(current, await oauth.refresh(current.refreshToken, AbortSignal.timeout(PATIENCE_MS)));
    });
    known = Granted.parse(stored);
  }

  return {
    async get(refused, signal) {
      signal.throwIfAborted();
      if (fresh(known, refused)) return known.accessToken;
      try {
        await (renewing ??= renew(refused).finally(() => (renewing = null)));
      } catch (error) {
        throw toConnectorFault(error, provider);
      }
      signal.throwIfAborted();
      return known.accessToken;
    },
  };
}

function toConnectorFault(cause: unknown, provider: string): unknown {
  if (cause instanceof Error && cause.name === 'TimeoutError')
    return new ConnectorFault('unavailable', `${provider} took too long to answer.`, { cause });
  if (!(cause instanceof OAuthFault)) return cause;
  switch (cause.kind) {
    case 'refused':
      return new ConnectorFault('auth-revoked', `The permission at ${provider} has ended.`, { cause });
    // The consents are still good: when the operator has mended the registration, everything goes on.
    case 'misconfigured':
      return new ConnectorFault('unavailable', `${provider} does not accept postern’s own registration there.`, {
        cause,
      });
    case 'unavailable':
      return new ConnectorFault('unavailable', `${provider}: ${cause.message}.`, { cause });
  }
}
