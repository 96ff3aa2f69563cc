import type { Label } from '../../scanners/verdict.js';
import { actorOf } from '../context.js';
import type { MemberContext } from '../context.js';
import { authorize } from '../permissions.js';

type Counts = Readonly<Partial<Record<Label, number>>>;

export interface Overview {
  /** The first day, YYYY-MM-DD in UTC, as are the others. */
  readonly since: string;
  /** Each day of the period, oldest first. */
  readonly days: readonly { readonly day: string; readonly counts: Counts; readonly total: number }[];
  readonly counts: Counts;
  readonly total: number;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** Verdicts by day and label over the last `days` days, today included. */
export async function getOverview(call: {
  readonly ctx: MemberContext;
  readonly input: { readonly days: number };
}): Promise<Overview> {
  const { ctx, input } = call;
  authorize(ctx, 'overview.read');
  const today = isoDay(ctx.parts.now().getTime());
  const first = Date.parse(today) - (input.days - 1) * DAY_MS;
  const rows = await ctx.parts.store.withTenant(ctx.identity.tenantId, actorOf(ctx), (db) =>
    db.scans.countsByDay(new Date(first)),
  );
  const days = Array.from({ length: input.days }, (_, at) => {
    const day = isoDay(first + at * DAY_MS);
    return { day, ...tally(rows.filter((row) => row.day === day)) };
  });
  return { since: isoDay(first), days, ...tally(rows) };
}

function tally(rows: readonly { readonly label: string; readonly count: number }[]): { counts: Counts; total: number } {
  const counts: Partial<Record<Label, number>> = {};
  for (const { label, count } of rows) counts[label as Label] = (counts[label as Label] ?? 0) + count;
  return { counts, total: rows.reduce((sum, { count }) => sum + count, 0) };
}

function isoDay(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
