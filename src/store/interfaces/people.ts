import type { TenantId, TenantRole, UserId } from '../store.js';

export interface MemberRow {
  readonly userId: UserId;
  readonly email: string;
  readonly displayName: string;
  readonly role: TenantRole;
  readonly joinedAt: Date;
  readonly lastSignedInAt: Date | null;
}

/** The people of the pinned tenant. The database checks the actor's role besides the services. */
export interface MemberTable {
  list(): Promise<readonly MemberRow[]>;
  /** True where somebody with this address is in. */
  has(email: string): Promise<boolean>;
  /** Whose address it is; null where it is no member's. For administrators and background work. */
  byAddress(email: string): Promise<UserId | null>;
  /** The role before: nothing has changed where it is the owner's. Null where there is no such member. */
  changeRole(userId: UserId, role: 'org_member' | 'org_admin'): Promise<TenantRole | null>;
  /** The role before: the owner and whoever is at home stay. Null where there is no such member. */
  remove(userId: UserId): Promise<TenantRole | null>;
  /** From the acting owner to another member; false where there is none. */
  transferOwnership(heir: UserId): Promise<boolean>;
}

export type InvitedRole = 'org_member' | 'org_admin' | 'org_owner';

export interface InvitationRow {
  readonly id: string;
  readonly email: string;
  readonly role: InvitedRole;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

/** Invitations of the pinned tenant that nobody has accepted. Only hashes of their links come here. */
export interface InvitationTable {
  list(): Promise<readonly InvitationRow[]>;
  /** Replaces an earlier one to the same address. */
  add(invitation: {
    readonly id: string;
    readonly email: string;
    readonly role: 'org_member' | 'org_admin';
    readonly invitedBy: UserId;
    readonly tokenHash: Uint8Array;
    readonly expiresAt: Date;
  }): Promise<void>;
  /** The address it went to; null where there is none. */
  remove(id: string): Promise<string | null>;
}

export interface InvitationFacts {
  readonly tenantId: TenantId;
  readonly organisation: string;
  readonly email: string;
  readonly role: InvitedRole;
  readonly expiresAt: Date;
  readonly hasAccount: boolean;
}

/** What the holder of a link can do; for the purpose 'invitation'. */
export interface InvitationLinkTable {
  find(tokenHash: Uint8Array): Promise<InvitationFacts | null>;
  /** The tenant that was joined; null where the link is not valid or went to another address. */
  accept(tokenHash: Uint8Array, userId: UserId): Promise<TenantId | null>;
  /** Makes the account too, with a personal tenant; throws `account.exists`. */
  acceptAsNew(
    tokenHash: Uint8Array,
    person: { readonly displayName: string; readonly passwordHash: string },
  ): Promise<UserId | null>;
}
