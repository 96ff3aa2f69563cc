import { randomFillSync } from 'node:crypto';

/** As many as a hundred short values need: each call to the system costs more than what it fills. */
const pool = new Uint8Array(4096);
let used = pool.length;

/** Random bytes for nonces and ids, of at most 4096; each is given out once. */
export function randomFromPool(length: number): Uint8Array {
  if (used + length > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const bytes = pool.slice(used, used + length);
  pool.fill(0, used, used + length);
  used += length;
  return bytes;
}
