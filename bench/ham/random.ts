/** A seeded source of chance: the same seed makes the same mail on every machine (mulberry32). */
export interface Chance {
  /** 0 <= x < 1 */
  readonly next: () => number;
  readonly below: (limit: number) => number;
  readonly pick: <T>(items: readonly T[]) => T;
  /** One of the items, each with its weight. */
  readonly weighted: <T>(items: readonly (readonly [number, T])[]) => T;
  readonly maybe: (probability: number) => boolean;
  /** Characters of an alphabet. */
  readonly code: (length: number, alphabet?: string) => string;
}

export const HEX = '0123456789abcdef';
export const DIGITS = '0123456789';
export const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

export function createChance(seed: number): Chance {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  const pick = <T>(items: readonly T[]): T => {
    const item = items[below(items.length)];
    if (item === undefined) throw new Error('nothing to pick from');
    return item;
  };
  return {
    next,
    below,
    pick,
    weighted: (items) => {
      let left = next() * items.reduce((sum, [weight]) => sum + weight, 0);
      for (const [weight, item] of items) {
        left -= weight;
        if (left < 0) return item;
      }
      return pick(items)[1];
    },
    maybe: (probability) => next() < probability,
    code: (length, alphabet = BASE62) => Array.from({ length }, () => alphabet.charAt(below(alphabet.length))).join(''),
  };
}
