import { createHash, hkdfSync } from 'node:crypto';

/** Each purpose has a key of its own: what leaks from one tells nothing about another. */
export type KeyPurpose =
  | 'access-tokens'
  | 'cursors'
  | 'credentials'
  | 'identity-providers'
  | 'llm-keys'
  | 'mail'
  | 'rate-limits'
  | 'push-states'
  | 'second-factors'
  | 'sender-history'
  | 'shield-links';

/** The 32-byte key of a purpose, from a master key, by HKDF-SHA256 (RFC 5869). The same every time. */
export function deriveKey(master: Uint8Array, purpose: KeyPurpose): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', master, 'postern', purpose, 32));
}

/** A short public name of a key; tells nothing about it. */
export function keyName(key: Uint8Array): string {
  return createHash('sha256').update('postern key name').update(key).digest('base64url').slice(0, 8);
}
