import type { Label } from '../../scanners/verdict.js';
import type { ScanPosition, ScanRow } from '../../store/store.js';
import { actorOf } from '../context.js';
import type { MemberContext } from '../context.js';
import { authorize } from '../permissions.js';
import { reportOf } from '../scans/stored-scan.js';
import { profileOf } from '../scans/tenant-profile.js';
import { changesBetween } from './changes.js';
import type { Change } from './changes.js';
import { checkProfile } from './check-profile.js';
import { differenceOf } from './difference.js';
import type { Difference } from './difference.js';
import { readStored } from './profile.js';
import type { ProfileFields } from './profile.js';
import { authorizeTuning } from './tuning.js';
import { prepareWeighing, weighAnew } from './weigh-anew.js';
import type { WeighingProfile } from './weigh-anew.js';

export interface Preview {
  /** The version in force, with which the proposal was compared. */
  readonly version: number;
  /** Scans that were weighed under both profiles, newest first. */
  readonly examined: number;
  /** False where time ran out before all that were asked for. */
  readonly complete: boolean;
  /** When the oldest of them was scanned; null where there is none. */
  readonly since: string | null;
  /** Verdicts that would have another label. */
  readonly changed: number;
  /** Verdicts that would keep their label and have another score. */
  readonly moved: number;
  readonly transitions: readonly { readonly from: Label; readonly to: Label; readonly count: number }[];
  /** The newest of those with another label. */
  readonly items: readonly Difference[];
  /** Scans from before findings were kept in full: only a rescan can tell. */
  readonly not_weighed: number;
  /** Scans whose stored label is not what the profile in force would give: made under an earlier one, or with earlier weights. */
  readonly outdated: number;
  /** What the proposal changes and only a rescan can tell the effect of. */
  readonly needs_rescan: readonly Change['field'][];
}

const PAGE = 200;
const MOST_ITEMS = 50;
const MOST_MS = 10_000;
/** They change what the scanners look for in links and text, or whom they believe. */
const NEEDS_RESCAN: ReadonlySet<Change['field']> = new Set<Change['field']>(['brands', 'trusted_authserv_ids']);

/**
 * What a proposed profile would do to the newest stored scans, compared with the profile in force. No content is opened, nothing is
 * changed. Throws `request.invalid`, `auth.forbidden`.
 */
export async function previewProfile(call: {
  readonly ctx: MemberContext;
  readonly input: { readonly profile: ProfileFields; readonly limit: number };
}): Promise<Preview> {
  const { ctx, input } = call;
  authorize(ctx, 'detection.write');
  const { store, trustedAuthservIds, now } = ctx.parts;
  const proposed = checkProfile(input.profile, 'body.profile');
  const tenant = await store.withTenant(ctx.identity.tenantId, actorOf(ctx), (db) => db.profile.get());
  authorizeTuning(ctx, tenant);
  const current = profileOf(tenant, trustedAuthservIds);
  const next = profileOf({ profile: proposed }, trustedAuthservIds);
  const tally = new Tally(prepareWeighing(current), prepareWeighing(next));
  const until = now().getTime() + MOST_MS;
  let after: ScanPosition | null = null;
  let left = input.limit;
  let inTime = true;
  while (left > 0 && inTime) {
    const asked = Math.min(left, PAGE);
    const rows = await page(ctx, asked, after);
    for (const row of rows) tally.add(row);
    left = rows.length < asked ? 0 : left - asked;
    after = rows.at(-1) ?? null;
    inTime = now().getTime() < until;
  }
  const fields = changesBetween(readStored(tenant.profile), proposed).map(({ field }) => field);
  return {
    version: tenant.profileVersion,
    complete: left === 0,
    since: tally.oldest,
    ...tally.result(),
    needs_rescan: fields.filter((field) => NEEDS_RESCAN.has(field)),
  };
}

/** A transaction a page: nothing is held while it is weighed. */
async function page(ctx: MemberContext, size: number, after: ScanPosition | null): Promise<readonly ScanRow[]> {
  return await ctx.parts.store.withTenant(ctx.identity.tenantId, actorOf(ctx), (db) => db.scans.list({}, size, after));
}

/** Counts as scans go by. */
class Tally {
  oldest: string | null = null;
  #examined = 0;
  #changed = 0;
  #moved = 0;
  #notWeighed = 0;
  #outdated = 0;
  readonly #transitions = new Map<string, { readonly from: Label; readonly to: Label; count: number }>();
  readonly #items: Difference[] = [];

  constructor(
    private readonly current: WeighingProfile,
    private readonly next: WeighingProfile,
  ) {}

  add(row: ScanRow): void {
    const report = reportOf(row);
    const before = weighAnew(report, this.current);
    const after = weighAnew(report, this.next);
    this.oldest = row.createdAt.toISOString();
    if (before === null || after === null) {
      this.#notWeighed += 1;
      return;
    }
    this.#examined += 1;
    if (before.label !== report.label) this.#outdated += 1;
    if (before.label === after.label) {
      if (before.score !== after.score) this.#moved += 1;
      return;
    }
    this.#changed += 1;
    const key = `${before.label} ${after.label}`;
    const transition = this.#transitions.get(key) ?? { from: before.label, to: after.label, count: 0 };
    transition.count += 1;
    this.#transitions.set(key, transition);
    if (this.#items.length < MOST_ITEMS) this.#items.push(differenceOf(row, before, after));
  }

  result(): Pick<Preview, 'examined' | 'changed' | 'moved' | 'transitions' | 'items' | 'not_weighed' | 'outdated'> {
    return {
      examined: this.#examined,
      changed: this.#changed,
      moved: this.#moved,
      transitions: [...this.#transitions.values()].sort((a, b) => b.count - a.count),
      items: this.#items,
      not_weighed: this.#notWeighed,
      outdated: this.#outdated,
    };
  }
}
