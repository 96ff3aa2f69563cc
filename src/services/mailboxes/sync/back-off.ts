const FIRST_FAULT_SECONDS = 5;
const LAST_FAULT_SECONDS = 15 * 60;
const FIRST_LOOK_SECONDS = 60;
const LAST_LOOK_SECONDS = 10 * 60;

/**
 * Seconds to leave a provider alone after a fault: twice as long each time, up to a quarter of an hour, and at least what it asked
 * for. Spread, so that a thousand mailboxes of one provider do not all come back in the same second.
 */
export function faultDelay(failures: number, retryAfterMs: number | null, random = Math.random): number {
  const grown = Math.min(LAST_FAULT_SECONDS, FIRST_FAULT_SECONDS * 2 ** Math.min(failures, 20));
  return Math.max(grown * (0.75 + random() * 0.5), (retryAfterMs ?? 0) / 1000);
}

/** Seconds until a mailbox is looked at without a reason: rarely where little arrives. News that is pushed does not wait for it. */
export function lookDelay(quietLooks: number): number {
  return Math.min(LAST_LOOK_SECONDS, FIRST_LOOK_SECONDS * 2 ** Math.min(quietLooks, 10));
}
