/** One of those that are weighed in pairs: what, and its value. */
export type Relation = readonly [what: string, value: string];

/**
 * Weights of pairs by number of their halves. A message has 66 pairs: putting together the text of each, to look it up, takes longer
 * than all other traits do.
 */
export class PairWeights {
  /** what -> value -> number. */
  readonly #halves = new Map<string, Map<string, number>>();
  readonly #weights: Float64Array;
  readonly #size: number;

  /** `traits`: weight of each trait; those named `first+second=a/b` are pairs. */
  constructor(traits: Readonly<Record<string, number>>) {
    const pairs = Object.entries(traits).flatMap(([trait, weight]) => {
      const [, first, second, a = '', b = ''] = /^([^+=]+)\+([^+=]+)=([^/]*)\/([^/]*)$/.exec(trait) ?? [];
      if (first === undefined || second === undefined) return [];
      return [{ one: this.#number(first, a), other: this.#number(second, b), weight }];
    });
    this.#size = [...this.#halves.values()].reduce((sum, { size }) => sum + size, 0);
    this.#weights = new Float64Array(this.#size ** 2);
    for (const { one, other, weight } of pairs) this.#weights[one * this.#size + other] = weight;
  }

  /** `sum` with the weight of each pair added to it, in their order. */
  addTo(sum: number, relations: readonly Relation[]): number {
    const numbers = relations.map(([what, value]) => this.#halves.get(what)?.get(value) ?? -1);
    let result = sum;
    for (let one = 0; one < numbers.length; one++) {
      const first = numbers[one] ?? -1;
      if (first < 0) continue;
      for (let other = one + 1; other < numbers.length; other++) {
        const second = numbers[other] ?? -1;
        if (second >= 0) result += this.#weights[first * this.#size + second] ?? 0;
      }
    }
    return result;
  }

  #number(what: string, value: string): number {
    const values = this.#halves.get(what) ?? new Map<string, number>();
    this.#halves.set(what, values);
    const known = values.get(value);
    if (known !== undefined) return known;
    const next = [...this.#halves.values()].reduce((sum, { size }) => sum + size, 0);
    values.set(value, next);
    return next;
  }
}
