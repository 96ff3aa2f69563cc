import { createCoupon, listCoupons, listTiers, setQuota, voidCoupon } from '../../../services/platform/coupons.js';
import { listPeople, suspendPerson } from '../../../services/platform/people.js';
import { createOrganisation, listTenants, setTier } from '../../../services/platform/tenants.js';
import { answer, route } from '../../route.js';
import * as schema from '../../schemas/organisations/plan.js';

/** For super admins. Nothing here opens a scan or a message. */
export const PLATFORM_ROUTES = [
  route({
    method: 'get',
    path: '/platform/organisations',
    name: 'listTenants',
    tag: 'Platform',
    summary: 'Organisations and personal spaces',
    access: 'bearer',
    query: schema.Search,
    responses: { 200: { description: 'At most 200.', schema: schema.Tenants } },
    errors: ['auth.forbidden'],
    async handle({ ctx, query }) {
      const rows = await listTenants({ ctx, input: { name: query.search } });
      const items = rows.map(({ id, name, kind, tier, members, ...row }) => ({
        ...{ id, name, kind, tier, members },
        retention_days: row.retentionDays,
        scans_this_month: row.scansThisMonth,
        created_at: row.createdAt.toISOString(),
      }));
      return answer(200, { items });
    },
  }),

  route({
    method: 'post',
    path: '/platform/organisations',
    name: 'createOrganisation',
    tag: 'Platform',
    summary: 'Create an organisation and invite its owner',
    access: 'bearer',
    body: schema.OrganisationFields,
    responses: { 201: { description: 'Created.', schema: schema.NewOrganisation } },
    errors: ['auth.forbidden'],
    async handle({ ctx, body }) {
      const { name, tier, owner_email: ownerEmail } = body;
      return answer(201, await createOrganisation({ ctx, input: { name, tier, ownerEmail } }));
    },
  }),

  route({
    method: 'patch',
    path: '/platform/organisations/{id}',
    name: 'setTier',
    tag: 'Platform',
    summary: 'Change the tier of an organisation',
    description: 'Quota and retention change at once; stored scans follow the retention in the background.',
    access: 'bearer',
    params: schema.TenantId,
    body: schema.TierChoice,
    responses: { 204: { description: 'Changed.' } },
    errors: ['auth.forbidden', 'tenant.not-found'],
    async handle({ ctx, params, body }) {
      await setTier({ ctx, input: { tenantId: params.id, tier: body.tier } });
      return answer(204);
    },
  }),

  route({
    method: 'get',
    path: '/platform/users',
    name: 'listPeople',
    tag: 'Platform',
    summary: 'Accounts',
    access: 'bearer',
    query: schema.Search,
    responses: { 200: { description: 'At most 200.', schema: schema.PlatformPeople } },
    errors: ['auth.forbidden'],
    async handle({ ctx, query }) {
      const rows = await listPeople({ ctx, input: { text: query.search } });
      const items = rows.map(({ id, email, suspended, organisations, ...row }) => ({
        ...{ id, email, suspended, organisations },
        display_name: row.displayName,
        super_admin: row.superAdmin,
        last_signed_in_at: row.lastSignedInAt?.toISOString() ?? null,
        created_at: row.createdAt.toISOString(),
      }));
      return answer(200, { items });
    },
  }),

  route({
    method: 'patch',
    path: '/platform/users/{id}',
    name: 'suspendPerson',
    tag: 'Platform',
    summary: 'Suspend an account, or lift that',
    description: 'Suspending ends every session and voids every access token.',
    access: 'bearer',
    params: schema.PersonId,
    body: schema.Suspension,
    responses: { 204: { description: 'Changed.' } },
    errors: ['auth.forbidden', 'person.not-found'],
    async handle({ ctx, params, body }) {
      await suspendPerson({ ctx, input: { userId: params.id, suspended: body.suspended } });
      return answer(204);
    },
  }),

  route({
    method: 'get',
    path: '/platform/tiers',
    name: 'listTiers',
    tag: 'Platform',
    summary: 'Tiers with their quotas',
    access: 'bearer',
    responses: { 200: { description: 'All there are.', schema: schema.Tiers } },
    errors: ['auth.forbidden'],
    async handle({ ctx }) {
      const rows = await listTiers({ ctx });
      const items = rows.map(({ tier, monthlyScans, retentionDays }) => ({
        ...{ tier, monthly_scans: monthlyScans, retention_days: retentionDays },
      }));
      return answer(200, { items });
    },
  }),

  route({
    method: 'patch',
    path: '/platform/tiers/{tier}',
    name: 'setQuota',
    tag: 'Platform',
    summary: 'Change the monthly quota of a tier',
    access: 'bearer',
    params: schema.TierId,
    body: schema.Quota,
    responses: { 204: { description: 'Changed, for every organisation of the tier.' } },
    errors: ['auth.forbidden'],
    async handle({ ctx, params, body }) {
      await setQuota({ ctx, input: { tier: params.tier, monthlyScans: body.monthly_scans } });
      return answer(204);
    },
  }),

  route({
    method: 'get',
    path: '/platform/coupons',
    name: 'listCoupons',
    tag: 'Platform',
    summary: 'Coupons that can be redeemed',
    access: 'bearer',
    responses: { 200: { description: 'Newest first.', schema: schema.Coupons } },
    errors: ['auth.forbidden'],
    async handle({ ctx }) {
      const rows = await listCoupons({ ctx });
      const items = rows.map(({ id, label, ...row }) => ({
        ...{ id, label, bonus_scans: row.bonusScans, redemptions_left: row.redemptionsLeft },
        expires_at: row.expiresAt.toISOString(),
        created_at: row.createdAt.toISOString(),
      }));
      return answer(200, { items });
    },
  }),

  route({
    method: 'post',
    path: '/platform/coupons',
    name: 'createCoupon',
    tag: 'Platform',
    summary: 'Make a coupon',
    access: 'bearer',
    body: schema.CouponFields,
    responses: { 201: { description: 'Its code, shown once.', schema: schema.NewCoupon } },
    errors: ['auth.forbidden'],
    async handle({ ctx, body }) {
      const { label, redemptions, bonus_scans: bonusScans, expires_at: until } = body;
      const input = { label, redemptions, bonusScans, expiresAt: new Date(until) };
      return answer(201, await createCoupon({ ctx, input }));
    },
  }),

  route({
    method: 'delete',
    path: '/platform/coupons/{id}',
    name: 'voidCoupon',
    tag: 'Platform',
    summary: 'Void a coupon',
    access: 'bearer',
    params: schema.CouponId,
    responses: { 204: { description: 'Nobody redeems it any more.' } },
    errors: ['auth.forbidden', 'coupon.invalid'],
    async handle({ ctx, params }) {
      await voidCoupon({ ctx, input: params });
      return answer(204);
    },
  }),
] as const;
