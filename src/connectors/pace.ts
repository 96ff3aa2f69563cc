import { setTimeout as wait } from 'node:timers/promises';
import { ConnectorFault } from './connector.js';

/** Waits, or throws the signal's reason. */
export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>;

export const sleep: Sleep = async (ms, signal) => {
  signal.throwIfAborted();
  try {
    await wait(ms, undefined, { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
};

/** A provider that asks for longer is left alone by the whole mailbox, not waited for by one request. */
const LONGEST_WAIT_MS = 20_000;
const ATTEMPTS = 4;

/**
 * Tries again where the provider was busy or in trouble, as long as it asks for and at least 0.5, 1, 2 s; then lets the fault through.
 * With some randomness, so that many do not come back at once.
 */
export async function withPatience<T>(
  attempt: () => Promise<T>,
  signal: AbortSignal,
  pause: Sleep = sleep,
  random: () => number = Math.random,
): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof ConnectorFault) || !['rate-limited', 'unavailable'].includes(error.kind)) throw error;
      const backOff = 500 * 2 ** (tries - 1) * (1 + random());
      const delay = Math.max(error.retryAfterMs ?? 0, backOff);
      if (tries >= ATTEMPTS || delay > LONGEST_WAIT_MS) throw error;
      await pause(delay, signal);
    }
  }
}

/** At most so many at once; the rest wait in line. */
export class Gate {
  #free: number;
  readonly #line: (() => void)[] = [];

  constructor(places: number) {
    this.#free = places;
  }

  async pass<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#line.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.#line.shift();
      // The place is handed over, so that nobody slips in between.
      if (next === undefined) this.#free += 1;
      else next();
    }
  }
}
