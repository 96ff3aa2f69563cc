import { PosternError } from '../errors.js';
import { decryptFernet, encryptFernet } from './fernet.js';
import type { KeyRing } from './key-ring.js';

/** The last moment a Date can hold. */
const END_OF_TIME = new Date(8.64e15);

/** Passwords and tokens of others that postern has to use itself: they must be opened again, so they are sealed, not hashed. */
export interface Credentials {
  /** A Fernet token. `owner` names whose they are: elsewhere they do not open. */
  seal(owner: string, secret: unknown): string;
  /** Throws `keys.damaged` where no key of the ring opens it, or it belongs to somebody else. */
  open(owner: string, sealed: string): unknown;
}

export function createCredentials(ring: KeyRing): Credentials {
  const keys = ring.forPurpose('credentials');
  return {
    seal: (owner, secret) => encryptFernet(keys[0].key, Buffer.from(JSON.stringify({ owner, secret }))),
    open(owner, sealed) {
      // Their age is no criterion, and a clock that was ahead when they were sealed must not lock a mailbox out.
      const plain = decryptFernet(
        keys.map(({ key }) => key),
        sealed,
        { now: END_OF_TIME },
      );
      const held =
        plain === null ? null : (JSON.parse(Buffer.from(plain).toString()) as { owner: string; secret: unknown });
      if (held?.owner !== owner) {
        throw new PosternError('keys.damaged', 'Stored credentials cannot be opened with the keys there are.');
      }
      return held.secret;
    },
  };
}
