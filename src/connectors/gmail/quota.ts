import type { Sleep } from '../pace.js';

/**
 * Units a minute and user, and what each method costs (developers.google.com/workspace/gmail/api/reference/quota, as of May 2026).
 */
const UNITS_A_MINUTE = 6000;
export const COST = {
  'history.list': 2,
  'labels.create': 5,
  'labels.list': 1,
  'messages.get': 20,
  'messages.list': 5,
  'messages.modify': 10,
  'messages.trash': 10,
  getProfile: 1,
  stop: 50,
  watch: 100,
} as const;

/** Some of the budget is left to the person's other programs and to other processes of postern. */
const SHARE = 0.8;

export interface Quota {
  /** Waits until the units are there. */
  take(units: number, signal: AbortSignal): Promise<void>;
}

/** A bucket that refills by the second. Whoever comes first is served first: debts are paid in order. */
export function createQuota(pause: Sleep, now: () => number = () => performance.now()): Quota {
  const capacity = UNITS_A_MINUTE * SHARE;
  const perMs = capacity / 60_000;
  let level = capacity;
  let at = now();
  return {
    async take(units, signal) {
      const current = now();
      level = Math.min(capacity, level + (current - at) * perMs);
      at = current;
      level -= units;
      if (level < 0) await pause(Math.ceil(-level / perMs), signal);
    },
  };
}
