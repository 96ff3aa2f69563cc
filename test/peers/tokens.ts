import type { AccessTokens } from '../../src/connectors/access-tokens.js';
import { ConnectorFault } from '../../src/connectors/connector.js';
import { OAuthFault } from '../../src/net/oauth-client.js';
import type { OAuthClient } from '../../src/net/oauth-client.js';

/** Tokens of a consent, in memory; the product keeps them in its database. */
export function memoryTokens(
  oauth: Pick<OAuthClient, 'refresh'>,
  first: { readonly accessToken: string; readonly refreshToken: string },
): AccessTokens {
  let { accessToken, refreshToken } = first;
  return {
    async get(refused, signal) {
      if (refused !== accessToken) return accessToken;
      try {
        const fresh = await oauth.refresh(refreshToken, signal);
        refreshToken = fresh.refreshToken ?? refreshToken;
        return (accessToken = fresh.accessToken);
      } catch (error) {
        if (error instanceof OAuthFault && error.kind === 'refused')
          throw new ConnectorFault('auth-revoked', 'The permission has ended.', { cause: error });
        throw new ConnectorFault('unavailable', 'No token can be had now.', { cause: error });
      }
    },
  };
}

/** Waits no longer than a moment, whatever is asked for. */
export const hurried = async (_ms: number, signal: AbortSignal): Promise<void> => {
  await new Promise((resolve) => setTimeout(resolve, 5));
  signal.throwIfAborted();
};
