/** What happened, by whom, to what. Written in the transaction of the change itself; never changed afterwards. */
export interface AuditEvent {
  /** `object.verb`, e.g. 'scan.deleted', 'auth.signed-in', 'content.opened'. */
  readonly action: string;
  readonly target: string | null;
  readonly outcome: 'succeeded' | 'refused';
  readonly details: Readonly<Record<string, string | number | boolean | null>>;
}

export interface AuditRow extends AuditEvent {
  readonly id: string;
  readonly at: Date;
  readonly actor: string;
  /** Null unless the operator has addresses recorded. */
  readonly ip: string | null;
}

export interface AuditFilter {
  /** An action, or the beginning of several up to a dot: 'auth', 'scan.created'. */
  readonly action?: string;
  /** As it stands in the log: 'user:<id>'. */
  readonly actor?: string;
  /** Inclusive. */
  readonly since?: Date;
  /** Exclusive. */
  readonly until?: Date;
}

export interface AuditTable {
  append(event: AuditEvent): Promise<void>;
  /** Newest first, what the actor may see. `before` is the id of the last row of the page before. */
  list(limit: number, filter?: AuditFilter, before?: string | null): Promise<readonly AuditRow[]>;
  /** How many times the actor was refused this in this minute, where that is to be written; otherwise null. */
  countRefusal(operation: string): Promise<number | null>;
  /** Computes the chain of the tenant again; for administrators. */
  verify(): Promise<AuditProof>;
}

/** What computing the chain again has shown. */
export interface AuditProof {
  readonly seals: number;
  /** Events under the seals that were found as they had been written. */
  readonly events: number;
  /** Events since the last seal, which is at most minutes old. */
  readonly unsealed: number;
  /** Events whose person has been erased: what was done and when still holds, by whom cannot be checked. */
  readonly erased: number;
  /** What does not fit; null: the log is whole. */
  readonly fault: string | null;
  /** The fault lies behind this event. */
  readonly faultAfter: string | null;
  /** Of the last seal that holds, in hexadecimal: noted elsewhere, it proves that the end was not cut off. */
  readonly digest: string;
}

/** A sealed event, as it is handed to whoever keeps the log elsewhere. */
export interface AuditLine extends AuditRow {
  /** Null: it belongs to no tenant. */
  readonly tenantId: string | null;
}
