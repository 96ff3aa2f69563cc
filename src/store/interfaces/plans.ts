import type { AuditProof } from './audit.js';
import type { LivingGrant } from './support.js';

export const TIERS = ['community', 'professional', 'enterprise', 'unlimited'] as const;
export type Tier = (typeof TIERS)[number];

export interface Plan {
  readonly tier: Tier;
  /** Null: without limit. */
  readonly monthlyScans: number | null;
  readonly retentionDays: number;
  /** In this month (UTC), without those of the bonus. */
  readonly used: number;
  readonly bonusLeft: number;
  readonly resetsAt: Date;
}

/** What the pinned tenant may use, all its members together. */
export interface PlanTable {
  get(): Promise<Plan>;
  /** Takes one scan in this transaction; false where month and bonus are used up. */
  spend(): Promise<boolean>;
  /** Takes so many, or none and answers false where month and bonus together have fewer. */
  spendAll(scans: number): Promise<boolean>;
  /** The scans it brought; 'before' where the tenant has redeemed it already; null where the code is not valid. */
  redeem(codeHash: Uint8Array): Promise<number | 'before' | null>;
}

export interface TenantSummary {
  readonly id: string;
  readonly name: string;
  readonly kind: 'personal' | 'organisation';
  readonly tier: Tier;
  readonly retentionDays: number;
  readonly members: number;
  readonly scansThisMonth: number;
  readonly createdAt: Date;
}

export interface PersonSummary {
  readonly id: string;
  readonly email: string;
  readonly displayName: string;
  readonly superAdmin: boolean;
  readonly suspended: boolean;
  readonly organisations: number;
  readonly lastSignedInAt: Date | null;
  readonly createdAt: Date;
}

export interface CouponRow {
  readonly id: string;
  readonly label: string;
  readonly bonusScans: number;
  readonly redemptionsLeft: number;
  readonly expiresAt: Date;
  readonly createdAt: Date;
}

export interface NewOrganisation {
  readonly tenantId: string;
  readonly name: string;
  readonly tier: Tier;
  readonly ownerEmail: string;
  readonly invitationId: string;
  readonly tokenHash: Uint8Array;
  readonly expiresAt: Date;
}

/** What super admins do, for the purpose 'platform'. The database checks with each call that `who` is one. */
export interface PlatformTable {
  tenants(who: string, name: string, limit: number): Promise<readonly TenantSummary[]>;
  createOrganisation(who: string, organisation: NewOrganisation): Promise<void>;
  /** False where there is no such tenant. */
  setTier(who: string, tenantId: string, tier: Tier): Promise<boolean>;
  /** The domain is the tenant's. False where there is no such organisation; throws `organisation.domain-taken`. */
  verifyDomain(who: string, tenantId: string, domain: string, challenge: string): Promise<boolean>;
  users(who: string, text: string, limit: number): Promise<readonly PersonSummary[]>;
  /** False where there is no such person. */
  suspend(who: string, userId: string, suspended: boolean): Promise<boolean>;
  tiers(who: string): Promise<readonly Pick<Plan, 'tier' | 'monthlyScans' | 'retentionDays'>[]>;
  setQuota(who: string, tier: Tier, monthlyScans: number | null): Promise<void>;
  coupons(who: string): Promise<readonly CouponRow[]>;
  addCoupon(who: string, coupon: Omit<CouponRow, 'createdAt'> & { readonly codeHash: Uint8Array }): Promise<void>;
  voidCoupon(who: string, id: string): Promise<boolean>;
  /** What tenants have granted and still holds, the first to end first; at most 500. */
  supportGrants(who: string): Promise<readonly LivingGrant[]>;
  /** Computes the chain of what belongs to no tenant again. */
  verifyLog(who: string): Promise<AuditProof>;
}
