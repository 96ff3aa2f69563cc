import type { TenantId, TenantRole, UserId, UserRow } from '../store.js';

/** Sign-in sessions. Only hashes of refresh tokens come here; for the purpose 'sign-in'. */
export interface SessionTable {
  start(session: NewSession): Promise<void>;
  /** Null once the session has ended, run out, its person has left the tenant, or the tenant's rules bar how it was begun. */
  find(id: string): Promise<LiveSession | null>;
  /**
   * Exchanges the hash of the presented token for the next one. 'repeated': the token before, shortly after it was exchanged; nothing
   * changes. 'reused': any other token; the session has been ended. 'unknown': there is no such session any more.
   */
  rotate(id: string, presented: Uint8Array, next: Uint8Array): Promise<'rotated' | 'repeated' | 'reused' | 'unknown'>;
  /** Goes on in another tenant of the same person. */
  switchTo(id: string, tenant: TenantId): Promise<SwitchOutcome>;
  /** Ends it, with the reason for the audit; without effect where it has ended already. */
  end(id: string, reason: string): Promise<void>;
}

/**
 * 'unknown': they are no member there, or the session has ended; 'confined': what signed them in speaks for its own organisation only;
 * 'second-factor', 'password-off': the tenant's rules bar how the session was begun.
 */
export type SwitchOutcome = 'switched' | 'unknown' | 'confined' | 'second-factor' | 'password-off';

export interface NewSession {
  readonly id: string;
  readonly userId: UserId;
  readonly tenantId: TenantId;
  readonly tokenHash: Uint8Array;
  readonly expiresAt: Date;
  /** Stays in this tenant. */
  readonly confined: boolean;
}

export interface LiveSession {
  readonly confined: boolean;
  readonly tenantId: TenantId;
  readonly expiresAt: Date;
  readonly user: UserRow;
}

/** The one-time link of the set-up; for the purpose 'setup'. */
export interface SetupLinkTable {
  /** Voids every link before. */
  replace(hash: Uint8Array, expiresAt: Date): Promise<void>;
  /** True once for a link that is valid. */
  spend(hash: Uint8Array): Promise<boolean>;
}

/** Who may see which message rendered, once. */
export interface TicketTable {
  issue(ticket: Ticket & { readonly hash: Uint8Array; readonly expiresAt: Date }): Promise<void>;
  /** The ticket, which is gone afterwards; null when there is none or it has run out. */
  spend(hash: Uint8Array): Promise<Ticket | null>;
}

export interface Ticket {
  readonly scanId: string;
  readonly ownerId: UserId;
  readonly role: TenantRole;
  readonly accessReason: string | null;
}
