import { sql } from 'drizzle-orm';
import { PosternError } from '../../../errors.js';
import { codeOf } from '../../connect.js';
import type { PlatformTable, Tier } from '../../interfaces/plans.js';
import { domainTaken } from './single-sign-on.js';
import type { Transaction } from '../../session.js';
import { toProof } from '../governance/audit.js';
import type { ProofRow } from '../governance/audit.js';

/** Each method is one definer function, which checks that `who` is a super admin. */
export function createPlatformTable(tx: Transaction): PlatformTable {
  const run = async <R extends Record<string, unknown>>(query: ReturnType<typeof sql>) => {
    try {
      return await tx.execute<R>(query);
    } catch (error) {
      if (codeOf(error) !== '42501') throw error;
      throw new PosternError('auth.forbidden', 'This is for administrators of the platform.', { cause: error });
    }
  };
  const date = (text: string): Date => new Date(text);
  return {
    async tenants(who, name, limit) {
      type Row = {
        tenant_id: string;
        name: string;
        kind: 'personal' | 'organisation';
        tier: Tier;
        retention_days: number;
        members: string;
        scans_this_month: string;
        created_at: string;
      };
      const rows = await run<Row>(sql`select * from postern.platform_tenants(${who}::uuid, ${name}, ${limit}::int)`);
      return rows.map((row) => ({
        ...{ id: row.tenant_id, name: row.name, kind: row.kind, tier: row.tier, retentionDays: row.retention_days },
        members: Number(row.members),
        scansThisMonth: Number(row.scans_this_month),
        createdAt: date(row.created_at),
      }));
    },
    async createOrganisation(who, { tenantId, name, tier, ownerEmail, invitationId, tokenHash, expiresAt }) {
      await run(sql`select postern.platform_create_organisation(${who}::uuid, ${tenantId}::uuid, ${name}, ${tier},
        ${ownerEmail}, ${invitationId}::uuid, ${tokenHash}, ${expiresAt.toISOString()}::timestamptz)`);
    },
    async setTier(who, tenantId, tier) {
      type Row = { done: boolean };
      const [row] = await run<Row>(
        sql`select postern.platform_set_tier(${who}::uuid, ${tenantId}::uuid, ${tier}) as done`,
      );
      return row?.done === true;
    },
    async verifyDomain(who, tenantId, domain, challenge) {
      try {
        const [row] = await run<{ done: boolean }>(
          sql`select postern.platform_verify_domain(${who}::uuid, ${tenantId}::uuid, ${domain}, ${challenge}) as done`,
        );
        return row?.done === true;
      } catch (error) {
        if (codeOf(error) !== '23505') throw error;
        throw domainTaken(error);
      }
    },
    async users(who, text, limit) {
      type Row = {
        user_id: string;
        email: string;
        display_name: string;
        super_admin: boolean;
        suspended: boolean;
        organisations: string;
        last_signed_in_at: string | null;
        created_at: string;
      };
      const rows = await run<Row>(sql`select * from postern.platform_users(${who}::uuid, ${text}, ${limit}::int)`);
      return rows.map((row) => ({
        ...{ id: row.user_id, email: row.email, displayName: row.display_name },
        ...{ superAdmin: row.super_admin, suspended: row.suspended, organisations: Number(row.organisations) },
        lastSignedInAt: row.last_signed_in_at === null ? null : date(row.last_signed_in_at),
        createdAt: date(row.created_at),
      }));
    },
    async suspend(who, userId, suspended) {
      type Row = { done: boolean };
      const [row] = await run<Row>(
        sql`select postern.platform_suspend(${who}::uuid, ${userId}::uuid, ${suspended}) as done`,
      );
      return row?.done === true;
    },
    async tiers(who) {
      type Row = { tier: Tier; monthly_scans: number | null; retention_days: number };
      const rows = await run<Row>(sql`select * from postern.platform_tiers(${who}::uuid)`);
      return rows.map((row) => ({
        tier: row.tier,
        monthlyScans: row.monthly_scans,
        retentionDays: row.retention_days,
      }));
    },
    async setQuota(who, tier, monthlyScans) {
      await run(sql`select postern.platform_set_quota(${who}::uuid, ${tier}, ${monthlyScans}::int)`);
    },
    async coupons(who) {
      type Row = {
        coupon_id: string;
        label: string;
        bonus_scans: number;
        redemptions_left: number;
        expires_at: string;
        created_at: string;
      };
      const rows = await run<Row>(sql`select * from postern.platform_coupons(${who}::uuid)`);
      return rows.map((row) => ({
        ...{ id: row.coupon_id, label: row.label, bonusScans: row.bonus_scans, redemptionsLeft: row.redemptions_left },
        expiresAt: date(row.expires_at),
        createdAt: date(row.created_at),
      }));
    },
    async addCoupon(who, { id, codeHash, label, bonusScans, redemptionsLeft, expiresAt }) {
      await run(sql`select postern.platform_add_coupon(${who}::uuid, ${id}::uuid, ${codeHash}, ${label},
        ${bonusScans}::int, ${redemptionsLeft}::int, ${expiresAt.toISOString()}::timestamptz)`);
    },
    async voidCoupon(who, id) {
      type Row = { done: boolean };
      const [row] = await run<Row>(sql`select postern.platform_void_coupon(${who}::uuid, ${id}::uuid) as done`);
      return row?.done === true;
    },
    async verifyLog(who) {
      const [row] = await run<ProofRow>(sql`select * from postern.verify_system(${who}::uuid)`);
      return toProof(row);
    },
    async supportGrants(who) {
      type Row = Record<'tenant_id' | 'grant_id' | 'tenant_name' | 'reason' | 'created_at' | 'expires_at', string> & {
        content: boolean;
      };
      const rows = await run<Row>(sql`select * from postern.platform_support_grants(${who}::uuid)`);
      return rows.map(({ reason, content, ...row }) => ({
        ...{ id: row.grant_id, tenantId: row.tenant_id, tenantName: row.tenant_name, reason, content },
        createdAt: date(row.created_at),
        expiresAt: date(row.expires_at),
      }));
    },
  };
}
