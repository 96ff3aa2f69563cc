import { randomBytes, randomUUID } from 'node:crypto';
import { PosternError } from '../../errors.js';
import type { CouponRow, Plan, Tier } from '../../store/interfaces/plans.js';
import { hashSecret } from '../accounts/sessions/refresh-token.js';
import type { MemberContext } from '../context.js';
import { normalised } from '../plans/redeem-coupon.js';
import { authorizePlatform } from './authorize-platform.js';

export async function listCoupons({ ctx }: { readonly ctx: MemberContext }): Promise<readonly CouponRow[]> {
  const who = authorizePlatform(ctx);
  return await ctx.parts.store.withSystem('platform', (db) => db.platform.coupons(who));
}

/** Makes a coupon; its code is shown now and never again. */
export async function createCoupon(call: {
  readonly ctx: MemberContext;
  readonly input: {
    readonly label: string;
    readonly bonusScans: number;
    readonly redemptions: number;
    readonly expiresAt: Date;
  };
}): Promise<{ readonly id: string; readonly code: string }> {
  const { ctx, input } = call;
  const who = authorizePlatform(ctx);
  const id = randomUUID();
  const code = readableCode();
  await ctx.parts.store.withSystem('platform', (db) =>
    db.platform.addCoupon(who, {
      ...{ id, label: input.label, bonusScans: input.bonusScans, expiresAt: input.expiresAt },
      redemptionsLeft: input.redemptions,
      codeHash: hashSecret(normalised(code)),
    }),
  );
  return { id, code };
}

/** Nobody redeems it any more; what it brought stays. Throws `coupon.invalid`. */
export async function voidCoupon(call: {
  readonly ctx: MemberContext;
  readonly input: { readonly id: string };
}): Promise<void> {
  const who = authorizePlatform(call.ctx);
  const done = await call.ctx.parts.store.withSystem('platform', (db) => db.platform.voidCoupon(who, call.input.id));
  if (!done) throw new PosternError('coupon.invalid', 'There is no such coupon, or it is used up.');
}

type TierRow = Pick<Plan, 'tier' | 'monthlyScans' | 'retentionDays'>;

export async function listTiers({ ctx }: { readonly ctx: MemberContext }): Promise<readonly TierRow[]> {
  const who = authorizePlatform(ctx);
  return await ctx.parts.store.withSystem('platform', (db) => db.platform.tiers(who));
}

/** How many scans a month all organisations of a tier have; null: without limit. */
export async function setQuota(call: {
  readonly ctx: MemberContext;
  readonly input: { readonly tier: Tier; readonly monthlyScans: number | null };
}): Promise<void> {
  const { ctx, input } = call;
  const who = authorizePlatform(ctx);
  await ctx.parts.store.withSystem('platform', (db) => db.platform.setQuota(who, input.tier, input.monthlyScans));
}

/** 80 random bits, without letters that are taken for others (Crockford's alphabet), in groups to be read out. */
function readableCode(): string {
  const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
  const letters = Array.from(randomBytes(16), (byte) => alphabet.charAt(byte % 32)).join('');
  return letters.replace(/(.{4})(?=.)/g, '$1-');
}
