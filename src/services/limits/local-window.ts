import type { WindowState } from './shared-window.js';

/** Keys that are remembered at most: an attacker who invents them must not fill the memory. */
const MAX_KEYS = 50_000;
const SLICES = 30;

/**
 * A limit on events per key in any `windowMs` of this process alone, for what must cost no question to anybody: never more than `limit`,
 * wherever the window begins. Permits come back as the window slides, in steps of a thirtieth of it.
 */
export class LocalWindow {
  /** Events by slice, oldest first. */
  readonly #counts = new Map<string, Map<number, number>>();

  constructor(
    readonly name: string,
    readonly limit: number,
    readonly windowMs: number,
    /** Milliseconds of a clock that is never set back. */
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Counts one event, unless the window is full: what is refused uses nothing up. */
  count(key: string): WindowState {
    return this.hold(key).state;
  }

  /** The same for what may turn out not to count: `giveBack`, once, makes it as if it had not been counted. */
  hold(key: string): { readonly state: WindowState; readonly giveBack: () => void } {
    const before = this.state(key);
    if (before.waitMs > 0) return { state: before, giveBack: () => undefined };
    const slices = this.#counts.get(key) ?? new Map<number, number>();
    const slice = this.#slice();
    slices.set(slice, (slices.get(slice) ?? 0) + 1);
    // Whoever asked last is remembered longest.
    this.#counts.delete(key);
    this.#counts.set(key, slices);
    const [oldest] = this.#counts.keys();
    if (this.#counts.size > MAX_KEYS && oldest !== undefined) this.#counts.delete(oldest);
    const giveBack = (): void => {
      const events = slices.get(slice) ?? 0;
      if (events > 1) slices.set(slice, events - 1);
      else slices.delete(slice);
    };
    return { state: { ...this.state(key), waitMs: 0 }, giveBack };
  }

  /** How the key stands, without counting anything. */
  state(key: string): WindowState {
    const { name, limit, windowMs } = this;
    const slices = this.#counts.get(key);
    const now = this.now();
    let used = 0;
    for (const [slice, events] of slices ?? []) {
      if (this.#freesAt(slice) <= now) slices?.delete(slice);
      else used += events;
    }
    const [oldest] = slices?.keys() ?? [];
    const resetMs = oldest === undefined ? 0 : this.#freesAt(oldest) - now;
    return { name, limit, windowMs, remaining: limit - used, resetMs, waitMs: used < limit ? 0 : resetMs };
  }

  #slice(): number {
    return Math.floor((this.now() * SLICES) / this.windowMs);
  }

  /** An event at the end of the slice is a whole window old then. */
  #freesAt(slice: number): number {
    return ((slice + 1) * this.windowMs) / SLICES + this.windowMs;
  }
}
