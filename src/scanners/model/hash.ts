export const OFFSET = 0x811c9dc5;
export const PRIME = 0x01000193;

/** 32-bit FNV-1a over UTF-16 code units. */
export function hashText(text: string, seed = OFFSET): number {
  let hash = seed;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), PRIME);
  return hash >>> 0;
}

/** Mixes two hashes in order; spreads low bits so that a mask can be taken of the result (MurmurHash3's finaliser). */
export function mix(a: number, b: number): number {
  let hash = Math.imul(a ^ Math.imul(b, 0x9e3779b1), 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
