import { shippedBrand } from '../../scanners/brands/brand-list.js';
import { BRANDS, BRANDS_UPDATED } from '../../scanners/brands/brands.js';
import type { Brand } from '../../scanners/brands/brands.js';
import { actorOf } from '../context.js';
import type { MemberContext } from '../context.js';
import { authorize } from '../permissions.js';
import { readStored, toBrandFields } from './profile.js';
import type { BrandFields } from './profile.js';

export interface BrandView extends BrandFields {
  readonly shipped: boolean;
  /** What the tenant says of it; null where it says nothing. */
  readonly own: BrandFields | null;
}

export interface BrandsView {
  readonly items: readonly BrandView[];
  /** How many match, whatever the limit. */
  readonly total: number;
  /** The day on which the shipped list was last looked through. */
  readonly updated: string;
}

/** The brands that are looked after, the tenant's own first. `search` is part of a name, an alias or a domain. */
export async function listBrands(call: {
  readonly ctx: MemberContext;
  readonly input: { readonly search: string; readonly limit: number };
}): Promise<BrandsView> {
  const { ctx, input } = call;
  authorize(ctx, 'detection.read');
  const tenant = await ctx.parts.store.withTenant(ctx.identity.tenantId, actorOf(ctx), (db) => db.profile.get());
  const own = readStored(tenant.profile).brands;
  const views = [
    ...own.filter(({ name }) => shippedBrand(name) === null).map((brand) => viewOf(brand, false, brand)),
    ...BRANDS.map((brand) =>
      viewOf(
        brand,
        true,
        own.find(({ name }) => shippedBrand(name) === brand),
      ),
    ),
  ];
  const wanted = input.search.trim().toLowerCase();
  const found = views.filter((view) => wanted === '' || holds(view, wanted));
  return { items: found.slice(0, input.limit), total: found.length, updated: BRANDS_UPDATED };
}

function viewOf(brand: Brand, shipped: boolean, own: Brand | undefined): BrandView {
  return { ...toBrandFields(brand), shipped, own: own === undefined ? null : toBrandFields(own) };
}

function holds({ own, ...brand }: BrandView, wanted: string): boolean {
  return [brand, own ?? brand].some(({ name, aliases, domains }) =>
    [name, ...aliases, ...domains].some((text) => text.toLowerCase().includes(wanted)),
  );
}
