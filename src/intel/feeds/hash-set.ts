import { hash } from 'node:crypto';

const FIRST_CAPACITY = 1024;

/** A set of texts as sorted 64-bit hashes: eight bytes an entry, so that millions fit. Two texts fall together once in 10^19 pairs. */
export class HashSet {
  #hashes = new BigUint64Array(FIRST_CAPACITY);
  #size = 0;
  #sorted = true;

  /** Entries, each counted once when the set is sealed. */
  get size(): number {
    return this.#size;
  }

  add(text: string): void {
    if (this.#size === this.#hashes.length) {
      const larger = new BigUint64Array(this.#size * 2);
      larger.set(this.#hashes);
      this.#hashes = larger;
    }
    this.#hashes[this.#size] = hashOf(text);
    this.#size += 1;
    this.#sorted = false;
  }

  /** Sorts, drops what is there twice, and gives back memory that is not needed. */
  seal(): void {
    const sorted = this.#hashes.slice(0, this.#size).sort();
    let kept = 0;
    for (const value of sorted) {
      if (kept === 0 || sorted[kept - 1] !== value) sorted[kept++] = value;
    }
    this.#hashes = sorted.slice(0, kept);
    this.#size = kept;
    this.#sorted = true;
  }

  /** Only of a sealed set. */
  has(text: string): boolean {
    if (!this.#sorted) throw new Error('the set is not sealed');
    const wanted = hashOf(text);
    let low = 0;
    let high = this.#size;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#hashes[middle] ?? 0n) < wanted) low = middle + 1;
      else high = middle;
    }
    return this.#hashes[low] === wanted;
  }
}

function hashOf(text: string): bigint {
  return hash('sha256', text, 'buffer').readBigUInt64LE(0);
}
