import { compare, hash } from 'bcrypt';
import { PosternError } from '../errors.js';

/** About a quarter of a second on a current core. */
const COST = 12;

/** bcrypt reads 72 bytes and stops at a NUL: what it would cut is refused, so that nobody relies on characters that do not count. */
const MAX_BYTES = 72;

/** Compared with where there is no account, so that the answer takes as long. The hash of a random password, which nobody has. */
const NOBODYS = '$2b$12$9g99.YpFO5fDS9R4T5GH6uK0cjncyJfFhWOpjd3tHMK9TdBmy4X5S';

/** Throws `account.password-weak` for more than 72 bytes of UTF-8 or a NUL. Composed and decomposed accents are the same password. */
export async function hashPassword(password: string): Promise<string> {
  const text = password.normalize('NFC');
  if (!fits(text)) throw new PosternError('account.password-weak', `The password may have at most ${MAX_BYTES} bytes.`);
  return hash(text, COST);
}

/** False for a wrong password and for no account (`null`) alike, after the same work. */
export async function verifyPassword(password: string, hashed: string | null): Promise<boolean> {
  const text = password.normalize('NFC');
  const matches = await compare(fits(text) ? text : '', hashed ?? NOBODYS);
  return matches && hashed !== null && fits(text);
}

function fits(text: string): boolean {
  return Buffer.byteLength(text) <= MAX_BYTES && !text.includes('\0');
}
