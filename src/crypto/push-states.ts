import { createHmac, timingSafeEqual } from 'node:crypto';
import type { KeyRing } from './key-ring.js';

/** A word that a provider says back with each notification: it proves itself and names the mailbox, so that nothing has to be looked up. */
export interface PushStates {
  /** 86 characters. */
  write(mailbox: PushedMailbox): string;
  /** Null for what was not written here. */
  read(state: string): PushedMailbox | null;
}

export interface PushedMailbox {
  readonly tenantId: string;
  readonly mailboxId: string;
}

const BODY = 32;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** base64url of tenant and mailbox, 16 bytes each, and the HMAC-SHA256 over both. */
export function createPushStates(ring: KeyRing): PushStates {
  const keys = ring.forPurpose('push-states');
  const sign = (key: Uint8Array, body: Uint8Array) => createHmac('sha256', key).update(body).digest();

  return {
    write({ tenantId, mailboxId }) {
      const body = Buffer.concat([bytesOf(tenantId), bytesOf(mailboxId)]);
      return Buffer.concat([body, sign(keys[0].key, body)]).toString('base64url');
    },
    read(state) {
      const bytes = Buffer.from(state, 'base64url');
      // Only the one spelling.
      if (bytes.length !== BODY + 32 || bytes.toString('base64url') !== state) return null;
      const [body, signature] = [bytes.subarray(0, BODY), bytes.subarray(BODY)];
      const genuine = keys.some(({ key }) => timingSafeEqual(sign(key, body), signature));
      return genuine ? { tenantId: uuidOf(body.subarray(0, 16)), mailboxId: uuidOf(body.subarray(16)) } : null;
    },
  };
}

function bytesOf(uuid: string): Buffer {
  if (!UUID.test(uuid)) throw new RangeError('not a UUID in lower case');
  return Buffer.from(uuid.replaceAll('-', ''), 'hex');
}

function uuidOf(bytes: Uint8Array): string {
  return Buffer.from(bytes)
    .toString('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
