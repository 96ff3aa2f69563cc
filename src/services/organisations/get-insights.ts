import { actorOf } from '../context.js';
import type { MemberContext } from '../context.js';
import { wrongVerdicts } from '../feedback/wrong-verdicts.js';
import type { WrongVerdicts } from '../feedback/wrong-verdicts.js';
import { authorize } from '../permissions.js';
import { getOverview } from '../scans/overview.js';
import type { Overview } from '../scans/overview.js';

const MOST = 10;

interface Tally {
  readonly total: number;
  /** Of them phishing, malware or suspicious. */
  readonly dangerous: number;
}

export interface Insights {
  readonly overview: Overview;
  /** Whose messages were dangerous, the most often first. */
  readonly senders: readonly (Tally & { readonly address: string })[];
  /** Whose scans were dangerous, the most often first; `email` is null for whoever is no member any more. */
  readonly targets: readonly (Tally & { readonly userId: string; readonly email: string | null })[];
  /** Missed threats and false alarms. */
  readonly wrong: WrongVerdicts;
}

/** Volumes, verdicts, who sends what to whom, and where verdicts were wrong, over the last `days` days. For administrators. */
export async function getInsights(call: {
  readonly ctx: MemberContext;
  readonly input: { readonly days: number };
}): Promise<Insights> {
  const { ctx, input } = call;
  authorize(ctx, 'insights.read');
  const overview = await getOverview({ ctx, input });
  const since = new Date(overview.since);
  return await ctx.parts.store.withTenant(ctx.identity.tenantId, actorOf(ctx), async (db) => {
    const members = new Map((await db.members.list()).map(({ userId, email }) => [userId, email]));
    const senders = await db.insights.senders(since, MOST);
    const targets = await db.insights.targets(since, MOST);
    return {
      overview,
      senders: senders.map(({ key, ...tally }) => ({ address: key, ...tally })),
      targets: targets.map(({ key, ...tally }) => ({ userId: key, email: members.get(key) ?? null, ...tally })),
      wrong: await wrongVerdicts(db, since),
    };
  });
}
