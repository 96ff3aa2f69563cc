import { createHmac } from 'node:crypto';
import { PosternError } from '../errors.js';
import type { KeyPurpose } from './derive.js';
import { decryptFernet, encryptFernet } from './fernet.js';
import type { KeyRing } from './key-ring.js';

/** The last moment a Date can hold. */
const END_OF_TIME = new Date(8.64e15);

/** Secrets at rest that postern has to read again, under the key of one purpose: passwords, tokens and keys of others, its own mail. */
export interface Vault {
  /** A Fernet token. `owner` is stored inside it: a secret that was moved to another row does not open there. */
  seal(owner: string, value: unknown): string;
  /** Throws `keys.damaged` for what was changed, is another owner's, or was sealed with a key that is off the ring. */
  open(owner: string, sealed: string): unknown;
  /** A keyed hash, so that short secrets cannot be guessed from the database alone: under each key of the ring, newest first. */
  hashes(text: string): readonly [Uint8Array, ...Uint8Array[]];
}

export function createVault(ring: KeyRing, purpose: KeyPurpose): Vault {
  const keys = ring.forPurpose(purpose);
  const [newest, ...older] = keys;
  const hash = (key: Uint8Array, text: string): Uint8Array => createHmac('sha256', key).update(text).digest();
  return {
    seal: (owner, value) => encryptFernet(newest.key, Buffer.from(JSON.stringify({ owner, value }))),
    open(owner, sealed) {
      // Their age is no criterion, and a clock that was ahead when they were sealed must not lock a mailbox out.
      const plain = decryptFernet(
        keys.map(({ key }) => key),
        sealed,
        { now: END_OF_TIME },
      );
      const box = plain === null ? null : (JSON.parse(Buffer.from(plain).toString()) as Box);
      // Credentials and keys of models that were sealed before there was one vault for all.
      if (box?.owner === owner) return 'secret' in box ? box.secret : box.value;
      throw new PosternError('keys.damaged', 'A stored secret cannot be opened with the keys that are configured.');
    },
    hashes: (text) => [hash(newest.key, text), ...older.map(({ key }) => hash(key, text))],
  };
}

type Box = { readonly owner: string } & ({ readonly value: unknown } | { readonly secret: unknown });
