import type { UserId } from '../store.js';

/** What a directory says of a person, as far as it is kept. */
export interface DirectoryPerson {
  readonly userName: string;
  readonly externalId: string | null;
  readonly active: boolean;
  readonly displayName: string | null;
  readonly givenName: string | null;
  readonly familyName: string | null;
  readonly formatted: string | null;
  readonly emails: readonly { readonly value: string; readonly type: string | null; readonly primary: boolean }[];
}

export interface ProvisionedPerson extends DirectoryPerson {
  readonly id: string;
  /** Null until they were active once. */
  readonly userId: UserId | null;
  readonly createdAt: Date;
  readonly changedAt: Date;
}

export interface ProvisionedGroup {
  readonly id: string;
  readonly displayName: string;
  readonly externalId: string | null;
  readonly administers: boolean;
  /** Ids of people, in the order of their names. */
  readonly members: readonly { readonly id: string; readonly userName: string }[];
  readonly createdAt: Date;
  readonly changedAt: Date;
}

export interface ProvisioningToken {
  readonly id: string;
  readonly hint: string;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
}

/** What must be equal; names and addresses regardless of case. */
export interface PersonFilter {
  readonly id?: string;
  readonly userName?: string;
  readonly externalId?: string;
  readonly email?: string;
}

export interface GroupFilter {
  readonly id?: string;
  readonly displayName?: string;
  readonly externalId?: string;
  /** The id of a person in it. */
  readonly member?: string;
}

export interface Slice<T> {
  readonly total: number;
  readonly rows: readonly T[];
}

/** How somebody became a member: 'foreign': they did not, the address is not the organisation's to speak for. */
export type Provided = 'member' | 'owner' | 'joined' | 'created' | 'foreign';

/** People and groups of the pinned tenant's directory. For its own requests, and what the owner may see and set. */
export interface ProvisioningTable {
  tokens(): Promise<readonly ProvisioningToken[]>;
  addToken(token: { readonly id: string; readonly hint: string; readonly hash: Uint8Array }): Promise<void>;
  removeToken(id: string): Promise<boolean>;

  people(filter: PersonFilter, offset: number, limit: number): Promise<Slice<ProvisionedPerson>>;
  person(id: string): Promise<ProvisionedPerson | null>;
  /** Throws `scim.not-unique`, as does `changePerson`. */
  addPerson(id: string, userId: UserId | null, person: DirectoryPerson): Promise<void>;
  changePerson(id: string, userId: UserId | null, person: DirectoryPerson): Promise<void>;
  removePerson(id: string): Promise<void>;
  /** Makes a member of whoever has the address, where the organisation may. */
  provideMember(email: string, name: string): Promise<{ readonly userId: UserId | null; readonly how: Provided }>;
  /** The role before; null: no member. The owner stays. */
  withdrawMember(userId: UserId): Promise<string | null>;

  groups(filter: GroupFilter, offset: number, limit: number): Promise<Slice<ProvisionedGroup>>;
  group(id: string): Promise<ProvisionedGroup | null>;
  /** Throws `scim.not-unique`, as does `changeGroup`. */
  addGroup(id: string, group: Pick<ProvisionedGroup, 'displayName' | 'externalId'>): Promise<void>;
  changeGroup(id: string, group: Pick<ProvisionedGroup, 'displayName' | 'externalId'>): Promise<void>;
  removeGroup(id: string): Promise<boolean>;
  addMembers(groupId: string, people: readonly string[]): Promise<void>;
  removeMembers(groupId: string, people: readonly string[] | 'all'): Promise<void>;
  /** By the owner only. False where there is no such group. */
  setAdministers(groupId: string, administers: boolean): Promise<boolean>;
  applyRoles(): Promise<readonly { readonly userId: UserId; readonly before: string; readonly after: string }[]>;
}
