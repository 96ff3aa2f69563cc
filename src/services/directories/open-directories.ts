import { CLOUDS } from '../../connectors/microsoft-graph/clouds.js';
import type { Cloud } from '../../connectors/microsoft-graph/clouds.js';
import type { HttpClient } from '../../net/http-client.js';
import type { ConnectorFactory, Providers } from '../mailboxes/providers.js';
import type { DirectoryProvider, DirectoryProviders } from './directory-provider.js';
import { createGoogleDirectories } from './google.js';
import { createMicrosoftDirectories } from './microsoft.js';

/** As the settings of those names have it. */
export interface DirectorySettings {
  readonly uploadLimit: number;
  readonly googlePushTopic: string | null;
  readonly googleOauthUrl: string;
  readonly googleDirectoryUrl: string;
  readonly gmailUrl: string;
  readonly microsoftCloud: Cloud;
  readonly microsoftLoginUrl: string | null;
  readonly microsoftGraphUrl: string | null;
}

/** What whole organisations are connected with. Nothing has to be registered by the operator: organisations bring their own keys. */
export function openDirectories(
  settings: DirectorySettings,
  deps: {
    readonly http: HttpClient;
    readonly now: () => Date;
    readonly graphPush: Parameters<typeof createMicrosoftDirectories>[0]['push'];
  },
): DirectoryProviders {
  const cloud = CLOUDS[settings.microsoftCloud];
  const maxBytes = settings.uploadLimit;
  const google = {
    ...{ oauthUrl: settings.googleOauthUrl, gmailUrl: settings.gmailUrl, maxBytes },
    ...{ directoryUrl: settings.googleDirectoryUrl, topic: settings.googlePushTopic },
  };
  const microsoft = {
    ...{ resource: cloud.graph, push: deps.graphPush, maxBytes },
    loginUrl: settings.microsoftLoginUrl ?? cloud.login,
    graphUrl: settings.microsoftGraphUrl ?? cloud.graph,
  };
  return {
    gmail: createGoogleDirectories(google, deps.http, deps.now),
    'microsoft-graph': createMicrosoftDirectories(microsoft, deps.http, deps.now),
  };
}

/** The connectors of both ways: a mailbox that an organisation opened, or one that its person did. */
export function withDirectories(directories: DirectoryProviders, consented: Providers): Providers {
  const either = (provider: DirectoryProvider, other: ConnectorFactory | undefined): ConnectorFactory => {
    return (account) => {
      const connector = provider.connect(account) ?? other?.(account);
      if (connector === undefined) throw new Error(`${provider.name} is not set up for this mailbox`);
      return connector;
    };
  };
  return {
    gmail: either(directories.gmail, consented.gmail),
    'microsoft-graph': either(directories['microsoft-graph'], consented['microsoft-graph']),
  };
}
