import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { PosternError } from '../errors.js';
import type { KeyRing } from './key-ring.js';

/** Positions in a listing as clients carry them: they can neither read nor change them, nor use them elsewhere. */
export interface Cursors {
  /** `context` names the listing and whose it is; the cursor is refused in any other. */
  write(context: string, position: unknown): string;
  /** Throws `request.cursor-invalid`. */
  read(context: string, cursor: string): unknown;
}

const NONCE = 12;
const TAG = 16;
/** A listing of a mailbox with many folders names each of them. */
const MAX_LENGTH = 8192;

/** base64url of nonce, AES-256-GCM ciphertext and tag, the context as associated data. */
export function createCursors(ring: KeyRing): Cursors {
  const keys = ring.forPurpose('cursors');

  return {
    write(context, position) {
      const nonce = randomBytes(NONCE);
      const cipher = createCipheriv('aes-256-gcm', keys[0].key, nonce).setAAD(Buffer.from(context));
      const body = Buffer.concat([cipher.update(JSON.stringify(position), 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, body, cipher.getAuthTag()]).toString('base64url');
    },

    read(context, cursor) {
      const box = Buffer.from(cursor, 'base64url');
      // Only the one spelling: Node.js skips characters it does not know.
      const wellFormed = cursor.length <= MAX_LENGTH && box.toString('base64url') === cursor;
      if (wellFormed && box.length > NONCE + TAG) {
        for (const { key } of keys) {
          const decipher = createDecipheriv('aes-256-gcm', key, box.subarray(0, NONCE), { authTagLength: TAG })
            .setAAD(Buffer.from(context))
            .setAuthTag(box.subarray(-TAG));
          try {
            const text = Buffer.concat([decipher.update(box.subarray(NONCE, -TAG)), decipher.final()]).toString();
            return JSON.parse(text) as unknown;
          } catch {
            // Made with another key of the ring, or not here.
          }
        }
      }
      throw new PosternError('request.cursor-invalid', 'The cursor is not valid here. Start again without it.');
    },
  };
}
