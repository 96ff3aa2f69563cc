import type { Directory } from '../../connectors/directory.js';
import type { ConnectorFactory } from '../mailboxes/providers.js';

/** Where an organisation can open its mailboxes as a whole. */
export interface DirectoryProvider {
  readonly id: DirectoryProviderId;
  /** As people read it. */
  readonly name: string;
  /** `secret`: as `opening` made it. */
  directory(secret: unknown): Directory;
  /** Permissions may have been given since the last token was: the next one is fresh. */
  forget(secret: unknown): void;
  /** What the connector of one person's mailbox is made from. */
  mailboxSecret(secret: unknown, access: 'read' | 'change'): unknown;
  /** Null where the mailbox was opened in another way. */
  connect(account: Parameters<ConnectorFactory>[0]): ReturnType<ConnectorFactory> | null;
  /** In plain words, with what to do: why the provider does not let postern in. */
  explain(error: unknown, secret: unknown, access: 'read' | 'change'): string;
}

export type DirectoryProviderId = 'gmail' | 'microsoft-graph';
export type DirectoryProviders = Readonly<Record<DirectoryProviderId, DirectoryProvider>>;
