/** Somebody in the directory of an organisation. */
export interface DirectoryPerson {
  /** Stays when the address changes. */
  readonly id: string;
  /** Lower case. */
  readonly address: string;
  readonly name: string;
  /** False where the account is suspended or blocked: its mailbox is not read. */
  readonly active: boolean;
}

export interface DirectoryGroup {
  readonly id: string;
  readonly name: string;
  /** Lower case; '' where it has none. */
  readonly address: string;
}

export interface DirectoryPage<T> {
  readonly items: readonly T[];
  /** For the next page, also in another process; null at the end. */
  readonly next: string | null;
}

export interface DirectoryQuery {
  /** At most 500. */
  readonly limit: number;
  /** A name, or the beginning of an address; absent: everybody. */
  readonly text?: string;
}

/**
 * The people of an organisation that has opened its mailboxes as a whole. Every method throws ConnectorFault; `auth-revoked` says in its
 * message which permission is missing, where the provider tells.
 */
export interface Directory {
  people(query: DirectoryQuery, page: string | null, signal: AbortSignal): Promise<DirectoryPage<DirectoryPerson>>;
  groups(query: DirectoryQuery, page: string | null, signal: AbortSignal): Promise<DirectoryPage<DirectoryGroup>>;
  /** With the members of groups in it. */
  members(
    groupId: string,
    limit: number,
    page: string | null,
    signal: AbortSignal,
  ): Promise<DirectoryPage<DirectoryPerson>>;
}
