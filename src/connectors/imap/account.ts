import type { AccessTokens } from '../access-tokens.js';
import type { AddressGuard } from '../../net/address-guard.js';

/** Where a mailbox is, as its owner entered it. */
export interface ImapAccount {
  readonly host: string;
  readonly port: number;
  /** `tls`: from the first byte; `starttls`: before anything is said; `plain`: where the operator allows it for this machine. */
  readonly security: 'tls' | 'starttls' | 'plain';
  readonly user: string;
}

export type ImapSecret =
  | { readonly password: string }
  | {
      /** For OAUTHBEARER (RFC 7628) or XOAUTH2, whichever the server offers. */
      readonly tokens: AccessTokens;
      /** Ends the consent at the provider; false where that is not known to have worked. Null where it cannot. */
      readonly revoke: (() => Promise<boolean>) | null;
    };

/** What the operator decides. */
export interface ImapSettings {
  readonly guard: AddressGuard;
  /** Whether a server on this machine may be spoken to without TLS. */
  readonly plainLoopback: boolean;
  /** Larger messages are not fetched. */
  readonly maxBytes: number;
  /** Certificates to believe besides the usual ones, PEM. */
  readonly ca?: string;
}
