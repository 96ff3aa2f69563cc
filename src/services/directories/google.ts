import { z } from 'zod';
import { delegatedTokens, mayTell, ServiceAccountKey } from '../../connectors/gmail/delegation.js';
import { createGoogleDirectory, DIRECTORY_SCOPES } from '../../connectors/gmail/directory.js';
import { createGmailConnector } from '../../connectors/gmail/gmail.js';
import type { HttpClient } from '../../net/http-client.js';
import { OAuthFault } from '../../net/oauth-client.js';
import type { DirectoryProvider } from './directory-provider.js';

/** A service account of the organisation, and the administrator as whom the directory is read. */
const GoogleOpening = z.object({ key: ServiceAccountKey, administrator: z.string() });
/** Of one mailbox. */
const Delegated = z.object({
  kind: z.literal('delegated'),
  key: ServiceAccountKey,
  access: z.enum(['read', 'change']),
});

const MAIL_SCOPES = {
  read: 'https://www.googleapis.com/auth/gmail.readonly',
  change: 'https://www.googleapis.com/auth/gmail.modify',
} as const;
/** Whatever stands in front: the assertion is meant for Google. */
const AUDIENCE = 'https://oauth2.googleapis.com/token';

export function createGoogleDirectories(
  settings: {
    readonly oauthUrl: string;
    readonly gmailUrl: string;
    readonly directoryUrl: string;
    readonly maxBytes: number;
    /** The operator's Pub/Sub topic; null: polling only. */
    readonly topic: string | null;
  },
  http: HttpClient,
  now: () => Date,
): DirectoryProvider {
  const tokens = (key: ServiceAccountKey, address: string, scopes: readonly string[]) =>
    delegatedTokens({ http, tokenUrl: `${settings.oauthUrl}/token`, audience: AUDIENCE, key, address, scopes, now });

  return {
    id: 'gmail',
    name: 'Google Workspace',
    directory(secret) {
      const { key, administrator } = GoogleOpening.parse(secret);
      return createGoogleDirectory({
        ...{ http, baseUrl: settings.directoryUrl },
        tokens: tokens(key, administrator, DIRECTORY_SCOPES),
      });
    },
    // Tokens are made anew for each directory.
    forget: () => undefined,
    mailboxSecret: (secret, access) => ({ kind: 'delegated', key: GoogleOpening.parse(secret).key, access }),
    connect({ address, secret }) {
      const delegated = Delegated.safeParse(secret);
      if (!delegated.success) return null;
      const { key, access } = delegated.data;
      return createGmailConnector({
        ...{ http, baseUrl: settings.gmailUrl, maxBytes: settings.maxBytes, now, revoke: null },
        tokens: tokens(key, address, [MAIL_SCOPES[access]]),
        mayChange: access === 'change',
        // Of a service account of another project Google refuses it: then its mailboxes are polled.
        topic: settings.topic !== null && mayTell(settings.topic, key) ? settings.topic : null,
      });
    },
    explain(error, secret, access) {
      const { key, administrator } = GoogleOpening.parse(secret);
      const said = oauthCode(error);
      const scopes = [...DIRECTORY_SCOPES, MAIL_SCOPES[access]].join(',');
      if (said === 'unauthorized_client')
        return `Google knows the service account ${key.client_email}, but it may not act for people with these scopes. In the Admin console, under Security, API controls, Domain-wide delegation, give its client ID: ${scopes}`;
      if (said === 'invalid_client')
        return `Google does not know the service account ${key.client_email}, or this key of it has been deleted.`;
      if (said === 'invalid_grant')
        return `Google does not accept the key of ${key.client_email} for ${administrator}: the key is not the one of this account, or there is no such administrator in its organisation.`;
      return error instanceof Error ? error.message : 'Google did not answer.';
    },
  };
}

/** The error code of the sign-in server, where that refused. */
export function oauthCode(error: unknown): string | null {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof OAuthFault) return /answered: (\S+)$/.exec(cause.message)?.[1] ?? null;
  }
  return null;
}
