import type { Brand } from './brands.js';

/** A brand as it enters an index. */
export interface Entry {
  readonly brand: Brand;
  /** The shipped brand it stands for from now on; null for a brand of its own. */
  readonly replaces: Brand | null;
  /** The part of it that somebody added on purpose: it wins against other brands that hold the same key. */
  readonly added: Brand;
}

/** Keys of one list of brands above those of another: what a tenant added is found before what ships. */
export class Layered<T extends { readonly brand: Brand }> {
  readonly #own = new Map<string, T>();

  constructor(private readonly below: Layered<T> | null) {}

  get(key: string): T | undefined {
    return this.#own.get(key) ?? this.below?.get(key);
  }

  /** Within a list the first brand keeps a key. From the list below it is taken only where it is the same brand, or `insisted` on. */
  add(key: string, value: T, { replaces }: Entry, insisted: boolean): void {
    if (this.#own.has(key)) return;
    const held = this.below?.get(key);
    if (held === undefined || held.brand === replaces || insisted) this.#own.set(key, value);
  }
}
