import { createHmac } from 'node:crypto';
import type { Store } from '../../store/store.js';

export interface WindowState {
  readonly limit: number;
  readonly windowMs: number;
  readonly remaining: number;
  /** Until there are more. */
  readonly resetMs: number;
  /** Until it is worth trying again; 0 where the event was within the limit. */
  readonly waitMs: number;
}

interface Held {
  /** Permits of the database that this process may use until `until` (performance.now). */
  left: number;
  /** Used in this tenth of the window: as many more are asked for at once, so that never more lie unused than were needed. */
  used: number;
  remaining: number;
  until: number;
  refusedUntil: number;
}

/** Keys that are remembered at most: an attacker who invents them must not fill the memory. */
const MAX_KEYS = 50_000;

/**
 * Counts events per key over any `windowMs`, all processes together. The count is in the database; a busy process takes permits in
 * small batches, so that most events cost nothing. No window ever has more than `limit`; up to a tenth later than it could be,
 * there are permits again.
 */
export class SharedWindow {
  readonly #held = new Map<string, Held>();
  readonly #asking = new Map<string, Promise<void>>();

  constructor(
    private readonly parts: { readonly store: Store; readonly secret: Uint8Array; readonly now?: () => number },
    /** Keeps the keys of this window apart from those of others. */
    readonly name: string,
    readonly limit: number,
    readonly windowMs: number,
  ) {}

  /** Counts one event. Returns how long to wait in milliseconds, or 0 where the event was within the limit. */
  async hit(key: string): Promise<number> {
    return (await this.count(key)).waitMs;
  }

  /** The same with all that a client may want to know. */
  async count(key: string): Promise<WindowState> {
    for (;;) {
      const now = this.#now();
      const held = this.#held.get(key);
      if (held !== undefined && held.refusedUntil > now) return this.#state(held, now, held.refusedUntil - now);
      if (held !== undefined && held.left > 0 && held.until > now) {
        held.left -= 1;
        held.used += 1;
        return this.#state(held, now, 0);
      }
      await (this.#asking.get(key) ?? this.#ask(key));
    }
  }

  /** Forgets what was counted, after a success. */
  async clear(key: string): Promise<void> {
    this.#held.delete(key);
    await this.parts.store.withSystem('limits', (db) => db.permits.forget(this.#hash(key)));
  }

  #ask(key: string): Promise<void> {
    const asking = this.#refill(key).finally(() => this.#asking.delete(key));
    this.#asking.set(key, asking);
    return asking;
  }

  async #refill(key: string): Promise<void> {
    // Before the question: the answer's time counts from when the database gave it, which is later.
    const asked = this.#now();
    const before = this.#held.get(key);
    const used = before !== undefined && before.until > asked ? before.used : 0;
    const wanted = Math.max(1, Math.min(used, Math.floor(this.limit / 20)));
    const { granted, remaining, waitMs, lastsMs } = await this.parts.store.withSystem('limits', (db) =>
      db.permits.take({ key: this.#hash(key), limit: this.limit, windowMs: this.windowMs, wanted }),
    );
    this.#held.delete(key);
    this.#held.set(key, {
      left: granted,
      used,
      remaining,
      // A permit whose tenth ends in this instant is used by whoever waits for it now.
      until: asked + Math.max(lastsMs, 1),
      refusedUntil: granted === 0 ? asked + waitMs : 0,
    });
    const [oldest] = this.#held.keys();
    if (this.#held.size > MAX_KEYS && oldest !== undefined) this.#held.delete(oldest);
  }

  #state(held: Held, now: number, waitMs: number): WindowState {
    const { limit, windowMs } = this;
    const remaining = waitMs > 0 ? 0 : held.remaining + held.left;
    return { limit, windowMs, remaining, resetMs: waitMs > 0 ? waitMs : Math.max(0, held.until - now), waitMs };
  }

  /** Milliseconds of a clock that is never set back. */
  #now(): number {
    return this.parts.now?.() ?? performance.now();
  }

  #hash(key: string): Uint8Array {
    return createHmac('sha256', this.parts.secret).update(`${this.name}\0${key}`).digest().subarray(0, 16);
  }
}
