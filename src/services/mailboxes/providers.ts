import type { Connector, Provider } from '../../connectors/connector.js';

/** What a connector is made from. */
export interface ConnectorAccount {
  readonly address: string;
  /** As stored in the clear: server, port, user name. */
  readonly settings: unknown;
  readonly secret: unknown;
  /** Keeps credentials that the provider has replaced; resolves when they are stored. */
  readonly saveSecret: (secret: unknown) => Promise<void>;
}

export type ConnectorFactory = (account: ConnectorAccount) => Connector;

/** Every provider postern can connect, and how. */
export type Providers = Readonly<Partial<Record<Provider, ConnectorFactory>>>;
