import type { OAuthClient, TokenSet } from '../../../net/oauth-client.js';
import type { ConnectorFactory } from '../providers.js';

/** Where a person allows postern into their mailbox instead of telling a password. */
export interface ConsentProvider {
  readonly id: ConsentProviderId;
  /** As people read it. */
  readonly name: string;
  readonly oauth: OAuthClient;
  /** `read` is asked of everybody; `change` where messages shall be held or labelled. */
  scopes(access: ConsentAccess): readonly string[];
  /** Beside what the standard knows. */
  readonly parameters: Readonly<Record<string, string>>;
  /** What may be used of what the person gave; null where that is less than was asked. */
  accessIn(tokens: TokenSet, asked: ConsentAccess): ConsentAccess | null;
  /** The mailbox that the tokens open: its address, and what else its connector has to know of it. Throws ConnectorFault. */
  mailboxOf(tokens: TokenSet, signal: AbortSignal): Promise<ConsentMailbox>;
  readonly connect: ConnectorFactory;
}

export interface ConsentMailbox {
  readonly address: string;
  /** As a mailbox's settings. */
  readonly settings: Readonly<Record<string, unknown>>;
}

export type ConsentProviderId = 'gmail' | 'microsoft-graph' | 'imap';
export type ConsentAccess = 'read' | 'change';

/** What the operator has registered; the others cannot be connected. */
export type ConsentProviders = Readonly<Partial<Record<ConsentProviderId, ConsentProvider>>>;
