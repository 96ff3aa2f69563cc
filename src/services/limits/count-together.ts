import type { Permits, TenantPermitTable } from '../../store/tables/permits.js';
import type { SharedWindow, WindowState } from './shared-window.js';

/** An event as one limit sees it. */
export interface Counted {
  readonly window: SharedWindow;
  readonly key: string;
}

/**
 * Counts one event in all windows, or in none where one of them is full: what is refused uses nothing up. One question at most goes to
 * where they are counted, which must be the same for all of them. `within`: the open transaction of a tenant, in which they are
 * counted as the tenant's.
 */
export async function countTogether(
  events: readonly Counted[],
  within?: TenantPermitTable,
): Promise<readonly WindowState[]> {
  for (;;) {
    const states = events.map(({ window, key }) => window.state(key));
    if (states.some(({ waitMs }) => waitMs > 0)) return states;
    const asking =
      within === undefined ? events.find(({ window, key }) => window.asking(key) !== undefined) : undefined;
    if (asking === undefined) return await spendOrAsk(events, within);
    await asking.window.asking(asking.key);
  }
}

async function spendOrAsk(
  events: readonly Counted[],
  within: TenantPermitTable | undefined,
): Promise<readonly WindowState[]> {
  const spent = events.map(({ window, key }) => window.spend(key));
  const missing = events.filter((_, index) => spent[index] === null);
  // Read before others go on: how it stands is told as of this event.
  const states = events.map(({ window, key }) => window.state(key));
  if (missing.length === 0) return states;
  try {
    const asked = await ask(missing, within);
    if (asked.some(({ waitMs }) => waitMs > 0)) for (const release of spent) release?.();
    return states.map((state, index) => asked[missing.indexOf(events[index] as Counted)] ?? state);
  } catch (error) {
    for (const release of spent) release?.();
    throw error;
  }
}

/** Asks for a permit of each window and keeps what is granted besides. */
async function ask(events: readonly Counted[], within: TenantPermitTable | undefined): Promise<readonly WindowState[]> {
  const parts = events[0]?.window.parts;
  if (parts === undefined) return [];
  const asked = parts.now?.() ?? performance.now();
  const requests = events.map(({ window, key }) => window.request(key));
  const answer = parts.permits.take(requests, within);
  if (within === undefined) for (const { window, key } of events) window.announce(key, answer);
  const permits: readonly (Permits | undefined)[] = await answer;
  return events.map(({ window, key }, index) => window.keep(key, asked, permits[index]));
}
