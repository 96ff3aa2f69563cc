import type { KeyPurpose } from './derive.js';
import { decryptFernet, encryptFernet } from './fernet.js';
import type { KeyRing } from './key-ring.js';

/** Secrets that others gave us and that must be used again, such as keys of providers. */
export interface SecretBox {
  /** `owner` names whose it is and what for: it opens for nobody else. */
  seal(owner: string, secret: string): string;
  /** Null where no key of the ring made it, or it belongs to another owner. */
  open(owner: string, sealed: string): string | null;
}

/** Fernet under the keys of one purpose; the owner is inside, since Fernet binds a token to nothing. */
export function createSecretBox(ring: KeyRing, purpose: KeyPurpose): SecretBox {
  const keys = ring.forPurpose(purpose).map(({ key }) => key) as [Uint8Array, ...Uint8Array[]];
  return {
    seal: (owner, secret) => encryptFernet(keys[0], Buffer.from(JSON.stringify({ owner, secret }))),
    open(owner, sealed) {
      const plain = decryptFernet(keys, sealed);
      if (plain === null) return null;
      const held = JSON.parse(Buffer.from(plain).toString()) as { owner: string; secret: string };
      return held.owner === owner ? held.secret : null;
    },
  };
}
