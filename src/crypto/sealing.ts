import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, brotliDecompress, constants } from 'node:zlib';
import { PosternError } from '../errors.js';

/*
 * Layout: version (1 byte) | compression (1) | name of the key (4) | nonce (12) | ciphertext | tag (16).
 * Random 96-bit nonces are safe for 2^32 messages under one key (NIST SP 800-38D, 8.3), far beyond one tenant's.
 */
const VERSION = 1;
const COMPRESSION = { none: 0, brotli: 1 } as const;
const HEADER = 6;
const NONCE = 12;
const TAG = 16;

/** What can be opened again is never larger than this. */
const MAX_PLAIN = 256 * 1024 * 1024;

const compress = promisify(brotliCompress);
const decompress = promisify(brotliDecompress);

/**
 * Compresses and seals with AES-256-GCM. `bound` is not secret and not stored, but the box opens only with the same: a row moved to
 * another scan is noticed. Brotli, because every supported Node.js reads it; quality 4 costs about as much as gzip and packs better.
 */
export async function seal(key: Uint8Array, bound: string, plain: Uint8Array): Promise<Uint8Array> {
  const packed = await compress(plain, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 4, [constants.BROTLI_PARAM_SIZE_HINT]: plain.length },
  });
  const small = packed.length < plain.length;
  const header = Buffer.from([VERSION, small ? COMPRESSION.brotli : COMPRESSION.none, ...nameOf(key)]);
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(associated(header, bound));
  const body = Buffer.concat([cipher.update(small ? packed : plain), cipher.final()]);
  return Buffer.concat([header, nonce, body, cipher.getAuthTag()]);
}

/** Opens what `seal` made. Throws `keys.missing` for another key's box, `keys.damaged` for a changed or foreign one. */
export async function open(key: Uint8Array, bound: string, sealed: Uint8Array): Promise<Uint8Array> {
  const box = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
  if (box.length < HEADER + NONCE + TAG || box[0] !== VERSION) throw damaged();
  const header = box.subarray(0, HEADER);
  if (!header.subarray(2).equals(nameOf(key))) {
    throw new PosternError('keys.missing', 'This content was sealed with another key.');
  }
  const decipher = createDecipheriv('aes-256-gcm', key, box.subarray(HEADER, HEADER + NONCE), { authTagLength: TAG })
    .setAAD(associated(header, bound))
    .setAuthTag(box.subarray(-TAG));
  let body: Buffer;
  try {
    body = Buffer.concat([decipher.update(box.subarray(HEADER + NONCE, -TAG)), decipher.final()]);
  } catch (cause) {
    throw damaged(cause);
  }
  return header[1] === COMPRESSION.brotli ? decompress(body, { maxOutputLength: MAX_PLAIN }) : body;
}

function associated(header: Uint8Array, bound: string): Buffer {
  return Buffer.concat([header, Buffer.from(bound)]);
}

function nameOf(key: Uint8Array): Buffer {
  return createHash('sha256').update('postern sealed').update(key).digest().subarray(0, 4);
}

function damaged(cause?: unknown): PosternError {
  return new PosternError('keys.damaged', 'This content is damaged or belongs elsewhere.', { cause });
}
