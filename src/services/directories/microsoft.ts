import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { AccessTokens } from '../../connectors/access-tokens.js';
import { ApplicationKey, applicationTokens } from '../../connectors/microsoft-graph/application.js';
import { createGraphDirectory } from '../../connectors/microsoft-graph/directory.js';
import { createGraphConnector } from '../../connectors/microsoft-graph/microsoft-graph.js';
import type { GraphPush } from '../../connectors/microsoft-graph/push.js';
import type { HttpClient } from '../../net/http-client.js';
import type { ConnectorAccount } from '../mailboxes/providers.js';
import type { DirectoryProvider } from './directory-provider.js';
import { oauthCode } from './google.js';

/** Of one mailbox; the application's key opens the directory as well. */
const Application = z.object({
  kind: z.literal('application'),
  key: ApplicationKey,
  access: z.enum(['read', 'change']),
});

/** Applications whose tokens are kept: one token opens every mailbox of its tenant. */
const MOST_KEPT = 200;

export function createMicrosoftDirectories(
  settings: {
    readonly loginUrl: string;
    readonly graphUrl: string;
    /** The name of Graph in permissions. */
    readonly resource: string;
    readonly maxBytes: number;
    /** Null: polling only. */
    readonly push: (mailbox: ConnectorAccount['mailbox']) => GraphPush | null;
  },
  http: HttpClient,
  now: () => Date,
): DirectoryProvider {
  const { loginUrl, graphUrl, resource, maxBytes, push } = settings;
  const kept = new Map<string, AccessTokens>();

  const nameOf = (key: ApplicationKey): string => createHash('sha256').update(JSON.stringify(key)).digest('hex');

  function tokens(key: ApplicationKey): AccessTokens {
    const name = nameOf(key);
    const known = kept.get(name);
    if (known !== undefined) return known;
    const made = applicationTokens({ http, loginUrl, resource, key, now });
    const [oldest] = kept.keys();
    if (kept.size >= MOST_KEPT && oldest !== undefined) kept.delete(oldest);
    kept.set(name, made);
    return made;
  }

  return {
    id: 'microsoft-graph',
    name: 'Microsoft 365',
    directory: (secret) =>
      createGraphDirectory({ http, baseUrl: graphUrl, tokens: tokens(ApplicationKey.parse(secret)) }),
    forget: (secret) => void kept.delete(nameOf(ApplicationKey.parse(secret))),
    mailboxSecret: (secret, access) => ({ kind: 'application', key: ApplicationKey.parse(secret), access }),
    connect({ address, secret, mailbox }) {
      const application = Application.safeParse(secret);
      if (!application.success) return null;
      const { key, access } = application.data;
      return createGraphConnector({
        ...{ http, baseUrl: graphUrl, maxBytes, now, address, push: push(mailbox), tokens: tokens(key) },
        mayChange: access === 'change',
      });
    },
    explain(error, secret, access) {
      const { tenant, clientId, proof } = ApplicationKey.parse(secret);
      const what = 'secret' in proof ? 'secret' : 'certificate';
      const said = oauthCode(error);
      if (said === 'invalid_client')
        return `Microsoft does not accept the ${what} of application ${clientId}: it is another one, or has run out.`;
      if (said === 'unauthorized_client') return `Microsoft knows no application ${clientId} in the tenant ${tenant}.`;
      if (said === 'invalid_request' || said === 'invalid_tenant') return `Microsoft knows no tenant ${tenant}.`;
      if (said !== null) return `Microsoft refuses the application: ${said}.`;
      const mail = access === 'change' ? 'Mail.ReadWrite' : 'Mail.Read';
      const message = error instanceof Error ? error.message : 'Microsoft did not answer.';
      return message.includes('User.Read.All') ? `${message} To read mail it needs ${mail} besides.` : message;
    },
  };
}
