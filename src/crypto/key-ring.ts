import { randomBytes } from 'node:crypto';
import { PosternError } from '../errors.js';
import { deriveKey, keyName } from './derive.js';
import type { KeyPurpose } from './derive.js';
import { createOnce, readIfThere } from './key-file.js';

/** Keys of one purpose: the first makes, every one verifies and opens. */
export interface PurposeKey {
  /** Names the key in what it made. */
  readonly id: string;
  readonly key: Uint8Array;
}

/** The master keys, newest first. What an older one made stays valid until it is taken off the ring. */
export interface KeyRing {
  forPurpose(purpose: KeyPurpose): readonly [PurposeKey, ...PurposeKey[]];
}

/**
 * Reads the ring from `keys` (POSTERN_KEYS: 32 bytes each, base64, newest first), or else from `file`, one key a line, which is
 * generated once with mode 0600. Throws `keys.damaged`, never generating over a file that cannot be read.
 */
export async function loadKeyRing(source: {
  readonly keys: readonly string[] | null;
  readonly file: string;
}): Promise<KeyRing> {
  if (source.keys !== null && source.keys.length > 0) return createKeyRing(source.keys, 'POSTERN_KEYS');
  let text = await readIfThere(source.file);
  if (text === null) {
    await createOnce(source.file, `${randomBytes(32).toString('base64')}\n`);
    text = (await readIfThere(source.file)) ?? '';
  }
  return createKeyRing(
    text
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== ''),
    source.file,
  );
}

function createKeyRing(encoded: readonly string[], source: string): KeyRing {
  const [newest, ...older] = encoded.map((text, index) => decode(text, `key ${index + 1} of ${source}`));
  if (newest === undefined) throw new PosternError('keys.damaged', `There is no key in ${source}.`);
  const named = (master: Uint8Array, purpose: KeyPurpose) => ({ id: keyName(master), key: deriveKey(master, purpose) });
  return { forPurpose: (purpose) => [named(newest, purpose), ...older.map((master) => named(master, purpose))] };
}

function decode(text: string, what: string): Uint8Array {
  const key = Buffer.from(text, 'base64');
  // Node.js skips what is no base64: only an exact round trip is what its author meant.
  if (key.length === 32 && key.toString('base64').replace(/=+$/, '') === plain(text)) return new Uint8Array(key);
  throw new PosternError('keys.damaged', `The ${what} is not 32 bytes in base64.`);
}

function plain(text: string): string {
  return text.replace(/-/g, '+').replace(/_/g, '/').replace(/=+$/, '');
}
