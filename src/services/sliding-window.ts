/** Keys that are remembered at most: an attacker who invents them must not fill the memory. */
const MAX_KEYS = 50_000;

/**
 * Counts events per key over the last `windowMs`. In this process only: with several API processes each counts for itself, so the
 * limit holds times their number.
 */
export class SlidingWindow {
  readonly #times = new Map<string, number[]>();

  constructor(
    readonly limit: number,
    readonly windowMs: number,
  ) {}

  /** Counts one event at `now` (milliseconds). Returns how long to wait, or 0 where the event was within the limit. */
  hit(key: string, now: number): number {
    const times = (this.#times.get(key) ?? []).filter((time) => time > now - this.windowMs);
    const [oldest] = times;
    if (oldest !== undefined && times.length >= this.limit) {
      this.#times.set(key, times);
      return oldest + this.windowMs - now;
    }
    times.push(now);
    // Set anew, so that the map's order is the order of last use.
    this.#times.delete(key);
    this.#times.set(key, times);
    if (this.#times.size > MAX_KEYS) this.#forgetOldest();
    return 0;
  }

  clear(key: string): void {
    this.#times.delete(key);
  }

  #forgetOldest(): void {
    for (const key of this.#times.keys()) {
      this.#times.delete(key);
      return;
    }
  }
}
