import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import { PosternError } from '../errors.js';
import { unpack } from './packing.js';
import { randomFromPool } from './random.js';
import type { Packed } from './packing.js';

/*
 * Layout: version (1 byte) | packing (1) | name of the key (4) | nonce (12) | ciphertext | tag (16).
 * Random 96-bit nonces are safe for 2^32 messages under one key (NIST SP 800-38D, 8.3), far beyond one tenant's.
 */
const VERSION = 1;
const HEADER = 6;
const NONCE = 12;
const TAG = 16;

/**
 * Seals what was packed with AES-256-GCM. `bound` is not secret and not stored, but the box opens only with the same: a row moved to
 * another scan is noticed.
 */
export function seal(key: Uint8Array, bound: string, packed: Packed): Uint8Array {
  const header = Buffer.from([VERSION, packed[0] ?? 0, ...nameOf(key)]);
  const nonce = randomFromPool(NONCE);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(associated(header, bound));
  const body = cipher.update(packed.subarray(1));
  return Buffer.concat([header, nonce, body, cipher.final(), cipher.getAuthTag()]);
}

/** Opens what `seal` made, unpacked. Throws `keys.missing` for another key's box, `keys.damaged` for a changed or foreign one. */
export function open(key: Uint8Array, bound: string, sealed: Uint8Array): Uint8Array {
  const box = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
  if (box.length < HEADER + NONCE + TAG || box[0] !== VERSION) throw damaged();
  const header = box.subarray(0, HEADER);
  if (!header.subarray(2).equals(nameOf(key))) {
    throw new PosternError('keys.missing', 'This content was sealed with another key.');
  }
  const decipher = createDecipheriv('aes-256-gcm', key, box.subarray(HEADER, HEADER + NONCE), { authTagLength: TAG })
    .setAAD(associated(header, bound))
    .setAuthTag(box.subarray(-TAG));
  try {
    const body = decipher.update(box.subarray(HEADER + NONCE, -TAG));
    return unpack(Buffer.concat([header.subarray(1, 2), body, decipher.final()]));
  } catch (cause) {
    throw damaged(cause);
  }
}

function associated(header: Uint8Array, bound: string): Buffer {
  return Buffer.concat([header, Buffer.from(bound)]);
}

/** A tenant's key seals thousands of messages. */
const names = new WeakMap<Uint8Array, Buffer>();

function nameOf(key: Uint8Array): Buffer {
  const known = names.get(key);
  if (known !== undefined) return known;
  const name = createHash('sha256').update('postern sealed').update(key).digest().subarray(0, 4);
  names.set(key, name);
  return name;
}

function damaged(cause?: unknown): PosternError {
  return new PosternError('keys.damaged', 'This content is damaged or belongs elsewhere.', { cause });
}
