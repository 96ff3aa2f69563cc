import { send } from '../session.js';
import type {
  Coupons,
  Insights,
  NewCoupon,
  NewOrganisation,
  Plan,
  PlatformPeople,
  Tenants,
  TierName,
} from '../types.js';

const json = (method: string, body: unknown): RequestInit => ({
  method,
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify(body),
});
const read = async <T>(path: string, init?: RequestInit): Promise<T> => (await (await send(path, init)).json()) as T;

export const plan = (): Promise<Plan> => read('/plan');
export const insights = (days: number): Promise<Insights> => read(`/insights?days=${days}`);
export const redeem = async (code: string): Promise<number> =>
  (await read<{ bonus_scans: number }>('/plan/coupon', json('POST', { code }))).bonus_scans;

export const tenants = (search: string): Promise<Tenants> =>
  read(`/platform/organisations?search=${encodeURIComponent(search)}`);
export const createOrganisation = (name: string, owner: string, tier: TierName): Promise<NewOrganisation> =>
  read('/platform/organisations', json('POST', { name, owner_email: owner, tier }));
export async function setTier(id: string, tier: TierName): Promise<void> {
  await send(`/platform/organisations/${id}`, json('PATCH', { tier }));
}
export const accounts = (search: string): Promise<PlatformPeople> =>
  read(`/platform/users?search=${encodeURIComponent(search)}`);
export async function suspend(id: string, suspended: boolean): Promise<void> {
  await send(`/platform/users/${id}`, json('PATCH', { suspended }));
}
export const coupons = (): Promise<Coupons> => read('/platform/coupons');
export const createCoupon = (fields: {
  readonly label: string;
  readonly bonus_scans: number;
  readonly redemptions: number;
  readonly expires_at: string;
}): Promise<NewCoupon> => read('/platform/coupons', json('POST', fields));
export async function voidCoupon(id: string): Promise<void> {
  await send(`/platform/coupons/${id}`, { method: 'DELETE' });
}
