import { createHmac } from 'node:crypto';
import type { PermitRequest, Permits } from '../../store/tables/permits.js';
import { countTogether } from './count-together.js';
import type { PermitStore } from './permit-store.js';

/** How an event stands to one limit. */
export interface WindowState {
  readonly name: string;
  readonly limit: number;
  readonly windowMs: number;
  readonly remaining: number;
  /** Until there are more. */
  readonly resetMs: number;
  /** Until it is worth trying again; 0 where the event was within the limit. */
  readonly waitMs: number;
}

export interface WindowParts {
  readonly permits: PermitStore;
  readonly secret: Uint8Array;
  /** Milliseconds of a clock that is never set back. */
  readonly now?: () => number;
}

interface Held {
  /** What the key is counted under. */
  readonly hash: Uint8Array;
  /** Permits that this process may use until `until`. */
  left: number;
  /** Used in this slice: as many more are asked for at once, so that never more lie unused than were needed. */
  used: number;
  readonly slice: number;
  readonly remaining: number;
  readonly frees: number;
  readonly until: number;
  readonly refusedUntil: number;
}

/** Keys that are remembered at most: an attacker who invents them must not fill the memory. */
const MAX_KEYS = 50_000;

/**
 * A limit on events per key in any `windowMs`, exact over all processes: never more than `limit`, wherever the window begins. Permits
 * come back as the window slides, in steps of a thirtieth of it.
 *
 * With `inBatches` a busy process takes permits a few at a time, so that most events cost no way to where they are counted; steps are
 * a tenth then, and what it did not use goes back with its next question.
 */
export class SharedWindow {
  readonly #held = new Map<string, Held>();
  readonly #asking = new Map<string, Promise<unknown>>();

  constructor(
    readonly parts: WindowParts,
    /** Keeps the keys of this window apart from those of others. */
    readonly name: string,
    readonly limit: number,
    readonly windowMs: number,
    private readonly options: { readonly inBatches?: boolean } = {},
  ) {}

  /** Counts one event. Returns how long to wait in milliseconds, or 0 where the event was within the limit. */
  async hit(key: string): Promise<number> {
    return (await this.count(key)).waitMs;
  }

  /** The same with all that a client may want to know. */
  async count(key: string): Promise<WindowState> {
    const [state = this.state(key)] = await countTogether([{ window: this, key }]);
    return state;
  }

  /** Forgets what was counted, after a success. */
  async clear(key: string): Promise<void> {
    this.#held.delete(key);
    await this.parts.permits.forget(this.#hash(key));
  }

  /** How the key stands, as far as this process knows. */
  state(key: string): WindowState {
    const { name, limit, windowMs } = this;
    const now = this.#now();
    const held = this.#held.get(key);
    if (held === undefined) return { name, limit, windowMs, remaining: limit, resetMs: 0, waitMs: 0 };
    const waitMs = Math.max(0, held.refusedUntil - now);
    const remaining = waitMs > 0 ? 0 : held.remaining + held.left;
    return { name, limit, windowMs, remaining, resetMs: Math.max(0, held.frees - now), waitMs };
  }

  // What follows is for `countTogether`.

  /** Uses a permit that this process holds, and returns how to give it back; null where it holds none. */
  spend(key: string): (() => void) | null {
    const held = this.#held.get(key);
    if (held === undefined || held.left === 0 || held.until <= this.#now()) return null;
    held.left -= 1;
    held.used += 1;
    return () => {
      held.left += 1;
    };
  }

  /** Somebody in this process is asking for the key already. */
  asking(key: string): Promise<unknown> | undefined {
    return this.#asking.get(key);
  }

  /** Others wait for the answer until it is there. */
  announce(key: string, answer: Promise<unknown>): void {
    const settled = answer.then(
      () => undefined,
      () => undefined,
    );
    this.#asking.set(key, settled);
    void settled.then(() => this.#asking.delete(key));
  }

  request(key: string): PermitRequest {
    const held = this.#held.get(key);
    const { limit, windowMs } = this;
    const inBatches = this.options.inBatches === true;
    const used = held !== undefined && held.until > this.#now() ? held.used : 0;
    return {
      ...{ key: held?.hash ?? this.#hash(key), limit, windowMs },
      slices: inBatches ? 10 : 30,
      wanted: inBatches ? Math.max(1, Math.min(used, Math.floor(limit / 20))) : 1,
      ...(held === undefined || held.left === 0 ? {} : { unused: { count: held.left, slice: held.slice } }),
    };
  }

  /**
   * Keeps an answer to a question asked at `asked`: its times count from when they were measured, which is later. The permit of
   * whoever asked is used with it, however late the answer comes: it is counted already.
   */
  keep(key: string, asked: number, answer: Permits | undefined): WindowState {
    const { granted = 0, remaining = 0, freesMs = this.windowMs, lastsMs = 0, slice = 0 } = answer ?? {};
    const before = this.#held.get(key);
    // None granted and some left: another window of the same event was full.
    const full = granted === 0 && remaining === 0;
    this.#held.delete(key);
    this.#held.set(key, {
      hash: before?.hash ?? this.#hash(key),
      left: Math.max(0, granted - 1),
      used: (before?.slice === slice ? before.used : 0) + Math.min(1, granted),
      ...{ slice, remaining, frees: asked + freesMs, until: asked + lastsMs },
      refusedUntil: full ? asked + freesMs : 0,
    });
    const [oldest] = this.#held.keys();
    if (this.#held.size > MAX_KEYS && oldest !== undefined) this.#held.delete(oldest);
    const state = this.state(key);
    // Refused is refused, also where the answer took longer than there was to wait.
    return { ...state, waitMs: full ? Math.max(1, state.waitMs) : 0 };
  }

  #now(): number {
    return this.parts.now?.() ?? performance.now();
  }

  #hash(key: string): Uint8Array {
    return createHmac('sha256', this.parts.secret).update(`${this.name}\0${key}`).digest().subarray(0, 16);
  }
}
