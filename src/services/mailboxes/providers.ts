import type { Connector, Provider } from '../../connectors/connector.js';

/** What a connector is made from. */
export interface ConnectorAccount {
  readonly address: string;
  /** As stored in the clear: server, port, user name. */
  readonly settings: unknown;
  readonly secret: unknown;
  /** Whose it is; null while somebody only tries to connect it. */
  readonly mailbox: { readonly tenantId: string; readonly mailboxId: string } | null;
  /**
   * Replaces the secret by what `renew` makes of the one that is stored now; resolves to what is stored then. Of all processes one does
   * so at a time: the others wait and find what it stored. `renew` must not take longer than a statement may.
   */
  readonly renewSecret: (renew: (current: unknown) => Promise<unknown>) => Promise<unknown>;
}

export type ConnectorFactory = (account: ConnectorAccount) => Connector;

/** Every provider postern can connect, and how. */
export type Providers = Readonly<Partial<Record<Provider, ConnectorFactory>>>;
