import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** Sorted hashes of five bytes; scripts/common-passwords.mjs says what went in and where the list is from. */
const HASHES = readFileSync(new URL('common-passwords.bin', import.meta.url));
const BYTES = 5;

/** Whether the password, or the word within its digits and signs, is among what is tried first. Looked up here: nothing is asked. */
export function isCommon(lower: string, stem: string): boolean {
  return contains(`whole ${lower}`) || contains(`stem ${stem}`);
}

function contains(entry: string): boolean {
  const wanted = createHash('sha256').update(entry).digest().subarray(0, BYTES);
  let low = 0;
  let high = HASHES.length / BYTES - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const order = HASHES.compare(wanted, 0, BYTES, middle * BYTES, (middle + 1) * BYTES);
    if (order === 0) return true;
    if (order > 0) high = middle - 1;
    else low = middle + 1;
  }
  return false;
}
