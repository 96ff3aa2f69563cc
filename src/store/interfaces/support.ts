/** Access that a tenant has given the platform's administrators, for a time. */
export interface SupportGrantRow {
  readonly id: string;
  readonly grantedBy: string;
  readonly reason: string;
  /** Whether messages may be opened besides verdicts. */
  readonly content: boolean;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  /** Null: it was not ended early. */
  readonly revokedAt: Date | null;
}

/** Grants of the pinned tenant: administrators read them, its owner gives and ends them. */
export interface SupportTable {
  /** The newest first. */
  list(limit: number): Promise<readonly SupportGrantRow[]>;
  /** From now on; the clock is the database's. */
  add(grant: {
    readonly id: string;
    readonly userId: string;
    readonly reason: string;
    readonly content: boolean;
    readonly hours: number;
  }): Promise<SupportGrantRow>;
  /** False where there is none that still holds. */
  revoke(id: string): Promise<boolean>;
}

/** A grant that holds, as super admins see it. */
export interface LivingGrant extends Omit<SupportGrantRow, 'grantedBy' | 'revokedAt'> {
  readonly tenantId: string;
  readonly tenantName: string;
}
