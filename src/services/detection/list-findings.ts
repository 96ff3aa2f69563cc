import { FINDINGS, findingEntry } from '../../scanners/catalogue.js';
import type { FindingId } from '../../scanners/catalogue.js';
import { LAYERS } from '../../scanners/scanner.js';
import type { Layer } from '../../scanners/scanner.js';
import type { Category } from '../../scanners/verdict.js';
import { percent } from '../../scanners/score.js';
import { WEIGHTS } from '../../scanners/weights.js';
import { actorOf } from '../context.js';
import type { MemberContext } from '../context.js';
import { authorize } from '../permissions.js';
import { readStored } from './profile.js';

export interface FindingView {
  readonly id: string;
  readonly layer: Layer;
  readonly title: string;
  readonly meaning: string;
  readonly advice: string;
  readonly category: Category | null;
  /** Log-odds that ship: towards danger, and towards unwanted advertising. */
  readonly weight: number;
  readonly spam_weight: number;
  /** Points that the shipped weight alone would move the score of a message with nothing else. */
  readonly points: number;
  /** The tenant's: 1 as shipped, 0 silenced. */
  readonly factor: number;
  /** Scans in which it was reported, of those counted. */
  readonly fired: number;
}

export interface FindingsView {
  readonly items: readonly FindingView[];
  readonly counted: {
    readonly days: number;
    readonly scans: number;
    /** False where there were more scans than are counted: then the newest. */
    readonly complete: boolean;
  };
}

/** Scans that are counted at most: each has to be read. */
const MOST_SCANS = 5000;
const DAY_MS = 86_400_000;

/** The catalogue of findings with the tenant's factors, and how often each was reported: to a member in their own mail. */
export async function listFindings(call: {
  readonly ctx: MemberContext;
  readonly input: { readonly days: number };
}): Promise<FindingsView> {
  const { ctx, input } = call;
  authorize(ctx, 'detection.read');
  const since = new Date(ctx.parts.now().getTime() - input.days * DAY_MS);
  const { tenant, counts } = await ctx.parts.store.withTenant(ctx.identity.tenantId, actorOf(ctx), async (db) => ({
    tenant: await db.profile.get(),
    counts: await db.scans.countFindings(since, MOST_SCANS),
  }));
  const factors = readStored(tenant.profile).weights;
  const { prior } = WEIGHTS.threat;
  const items = (Object.keys(FINDINGS) as FindingId[]).map((id): FindingView => {
    const { title, meaning, advice, category } = findingEntry(id);
    return {
      ...{ id, layer: layerOf(id), title, meaning, advice, category },
      weight: WEIGHTS.threat.findings[id] ?? 0,
      spam_weight: WEIGHTS.spam.findings[id] ?? 0,
      points: Math.round((percent(prior + (WEIGHTS.threat.findings[id] ?? 0)) - percent(prior)) * 100) / 100,
      factor: factors[id] ?? 1,
      fired: counts.byFinding.get(id) ?? 0,
    };
  });
  return { items, counted: { days: input.days, scans: counts.scans, complete: counts.scans < MOST_SCANS } };
}

function layerOf(id: FindingId): Layer {
  return LAYERS.find((layer) => id.startsWith(`${layer}.`)) ?? 'content';
}
