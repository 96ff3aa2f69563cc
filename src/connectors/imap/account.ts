import type { AddressGuard } from '../../net/address-guard.js';

/** Where a mailbox is, as its owner entered it. */
export interface ImapAccount {
  readonly host: string;
  readonly port: number;
  /** `tls`: from the first byte; `starttls`: before anything is said; `plain`: where the operator allows it for this machine. */
  readonly security: 'tls' | 'starttls' | 'plain';
  readonly user: string;
}

export interface ImapSecret {
  readonly password: string;
}

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
