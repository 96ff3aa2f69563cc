import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';

/** Bytes made smaller where they can be. The first byte says how: 0 as they are, 1 Brotli. */
export type Packed = Uint8Array;

const AS_IS = 0;
const BROTLI = 1;
/** What can be opened again is never larger than this. */
const MAX_PLAIN = 256 * 1024 * 1024;

/**
 * Synchronous: for scan threads, which do nothing else meanwhile. Brotli, because every supported Node.js reads it; quality 0 packs
 * mail to about a fifth, in three quarters of the time of quality 1, which saves a twentieth more.
 */
export function pack(plain: Uint8Array): Packed {
  const packed = brotliCompressSync(plain, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 0, [constants.BROTLI_PARAM_SIZE_HINT]: plain.length },
  });
  const [how, bytes] = packed.length < plain.length ? [BROTLI, packed] : [AS_IS, plain];
  // A buffer of its own, which can be handed to another thread.
  const result = new Uint8Array(bytes.length + 1);
  result[0] = how;
  result.set(bytes, 1);
  return result;
}

/** Throws an Error for what `pack` did not make. */
export function unpack(packed: Packed): Uint8Array {
  const bytes = packed.subarray(1);
  if (packed[0] === AS_IS) return bytes;
  if (packed[0] !== BROTLI) throw new Error('packed in an unknown way');
  return brotliDecompressSync(bytes, { maxOutputLength: MAX_PLAIN });
}
