import { z } from 'zod';

const TierName = z.enum(['community', 'professional', 'enterprise', 'unlimited']).meta({ id: 'TierName' });

export const Plan = z
  .object({
    tier: TierName,
    monthly_scans: z.int().nullable().describe('For all members together; null: without limit.'),
    retention_days: z.int().describe('How long scans are kept.'),
    used: z.int().describe('In this month (UTC).'),
    bonus_left: z.int().describe('Scans from coupons, used when the month is.'),
    resets_at: z.iso.datetime(),
  })
  .meta({ id: 'Plan' });

export const CouponCode = z.strictObject({ code: z.string().trim().min(1).max(100) }).meta({ id: 'CouponCode' });
export const RedeemedCoupon = z.object({ bonus_scans: z.int() }).meta({ id: 'RedeemedCoupon' });

export const TenantId = z.object({ id: z.uuid() });
export const PersonId = z.object({ id: z.uuid() });
export const CouponId = z.object({ id: z.uuid() });
export const TierId = z.object({ tier: TierName });
export const Search = z.strictObject({ search: z.string().max(200).default('') });

export const Tenants = z
  .object({
    items: z.array(
      z.object({
        id: z.uuid(),
        name: z.string(),
        kind: z.enum(['personal', 'organisation']),
        tier: TierName,
        retention_days: z.int(),
        members: z.int(),
        scans_this_month: z.int(),
        created_at: z.iso.datetime(),
      }),
    ),
  })
  .meta({ id: 'Tenants' });

export const OrganisationFields = z
  .strictObject({
    name: z.string().trim().min(1).max(200),
    tier: TierName.default('community'),
    owner_email: z
      .string()
      .trim()
      .min(3)
      .max(254)
      .regex(/^[^\s@]+@[^\s@]+$/, 'must be an e-mail address'),
  })
  .meta({ id: 'OrganisationFields' });
export const NewOrganisation = z
  .object({ id: z.uuid(), link: z.string().nullable().describe("The owner's invitation; null where it was mailed.") })
  .meta({ id: 'NewOrganisation' });
export const TierChoice = z.strictObject({ tier: TierName }).meta({ id: 'TierChoice' });

export const PlatformPeople = z
  .object({
    items: z.array(
      z.object({
        id: z.uuid(),
        email: z.string(),
        display_name: z.string(),
        super_admin: z.boolean(),
        suspended: z.boolean(),
        organisations: z.int(),
        last_signed_in_at: z.iso.datetime().nullable(),
        created_at: z.iso.datetime(),
      }),
    ),
  })
  .meta({ id: 'PlatformPeople' });
export const Suspension = z.strictObject({ suspended: z.boolean() }).meta({ id: 'Suspension' });

const Tier = z.object({ tier: TierName, monthly_scans: z.int().nullable(), retention_days: z.int() });
export const Tiers = z.object({ items: z.array(Tier) }).meta({ id: 'Tiers' });
export const Quota = z
  .strictObject({ monthly_scans: z.int().min(0).max(1_000_000_000).nullable() })
  .meta({ id: 'Quota' });

export const Coupons = z
  .object({
    items: z.array(
      z.object({
        id: z.uuid(),
        label: z.string(),
        bonus_scans: z.int(),
        redemptions_left: z.int(),
        expires_at: z.iso.datetime(),
        created_at: z.iso.datetime(),
      }),
    ),
  })
  .meta({ id: 'Coupons' });
export const CouponFields = z
  .strictObject({
    label: z.string().trim().min(1).max(100),
    bonus_scans: z.int().min(1).max(100_000_000),
    redemptions: z.int().min(1).max(1_000_000).default(1).describe('Organisations that may redeem it, once each.'),
    expires_at: z.iso.datetime({ offset: true }),
  })
  .meta({ id: 'CouponFields' });
export const NewCoupon = z.object({ id: z.uuid(), code: z.string().describe('Shown once.') }).meta({ id: 'NewCoupon' });
