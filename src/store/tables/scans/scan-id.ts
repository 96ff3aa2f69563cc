import { randomFillSync } from 'node:crypto';

/** '<expiry day, base 36>-<22 characters>': the day chooses the partition, 131 random bits cannot be guessed. */
const PATTERN = /^([0-9a-z]{3,4})-([0-9A-Za-z]{22})$/;

const DAY_MS = 86_400_000;
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

export function createScanId(expiresAt: Date): string {
  return `${Math.floor(expiresAt.getTime() / DAY_MS).toString(36)}-${randomText(22)}`;
}

/** The UTC day, as 'YYYY-MM-DD', on which the scan of this id expires; null when it is no id of a scan. */
export function expiryDay(id: string): string | null {
  const day = PATTERN.exec(id)?.[1];
  return day === undefined ? null : isoDay(new Date(Number.parseInt(day, 36) * DAY_MS));
}

export function isoDay(at: Date): string {
  return at.toISOString().slice(0, 10);
}

/** Bytes for several ids: each call to the system costs more than what it fills. */
const pool = new Uint8Array(2048);
let used = pool.length;

function randomText(length: number): string {
  let text = '';
  while (text.length < length) {
    if (used === pool.length) {
      randomFillSync(pool);
      used = 0;
    }
    const byte = pool[used++] ?? 0;
    // 248 is the largest multiple of 62: without the rest every character is equally likely.
    if (byte < 248) text += ALPHABET.charAt(byte % 62);
  }
  return text;
}
