import { createCipheriv, createDecipheriv, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/*
 * The Fernet specification: version 0x80 (1 byte) | seconds since 1970 (8) | IV (16) | AES-128-CBC with PKCS#7 | HMAC-SHA256 (32).
 * A key is 32 bytes: 16 to sign, 16 to encrypt.
 */
const VERSION = 0x80;
const OVERHEAD = 1 + 8 + 16 + 32;
const MAX_SKEW_S = 60;
const BASE64URL = /^[\w-]+={0,2}$/;

export interface FernetOptions {
  readonly now?: Date;
  /** For test vectors only; random otherwise. */
  readonly iv?: Uint8Array;
}

/** A token that hides and protects `plain` under a 32-byte key. */
export function encryptFernet(key: Uint8Array, plain: Uint8Array, options: FernetOptions = {}): string {
  const { signing, encryption } = split(key);
  const iv = options.iv ?? randomBytes(16);
  const head = Buffer.alloc(9);
  head[0] = VERSION;
  head.writeBigUInt64BE(BigInt(seconds(options.now)), 1);
  const cipher = createCipheriv('aes-128-cbc', encryption, iv);
  const signed = Buffer.concat([head, iv, cipher.update(plain), cipher.final()]);
  const token = Buffer.concat([signed, createHmac('sha256', signing).update(signed).digest()]);
  return token.toString('base64').replace(/\+/g, '-').replace(/\//g, '_');
}

/**
 * What a token holds, or null when any of the keys, newest first, did not make it, it was changed, comes from the future, or is older
 * than `ttlSeconds`. Which of these is nobody's business.
 */
export function decryptFernet(
  keys: readonly Uint8Array[],
  token: string,
  options: { readonly now?: Date; readonly ttlSeconds?: number } = {},
): Uint8Array | null {
  if (!BASE64URL.test(token) || token.length % 4 !== 0) return null;
  const bytes = Buffer.from(token, 'base64url');
  if (bytes.length < OVERHEAD + 16 || (bytes.length - OVERHEAD) % 16 !== 0 || bytes[0] !== VERSION) return null;
  const signed = bytes.subarray(0, -32);
  const made = Number(bytes.readBigUInt64BE(1));
  const now = seconds(options.now);
  if (made > now + MAX_SKEW_S) return null;
  if (options.ttlSeconds !== undefined && made + options.ttlSeconds < now) return null;
  for (const { signing, encryption } of keys.map(split)) {
    // The signature first: padding is never looked at in what is not ours.
    if (!timingSafeEqual(createHmac('sha256', signing).update(signed).digest(), bytes.subarray(-32))) continue;
    const decipher = createDecipheriv('aes-128-cbc', encryption, signed.subarray(9, 25));
    try {
      return Buffer.concat([decipher.update(signed.subarray(25)), decipher.final()]);
    } catch {
      return null;
    }
  }
  return null;
}

function split(key: Uint8Array): { signing: Uint8Array; encryption: Uint8Array } {
  if (key.length !== 32) throw new RangeError('a Fernet key has 32 bytes');
  return { signing: key.subarray(0, 16), encryption: key.subarray(16) };
}

function seconds(at: Date = new Date()): number {
  return Math.floor(at.getTime() / 1000);
}
