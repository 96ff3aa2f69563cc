import { NetFault } from '../../net/net-fault.js';
import { readFields, readNumbers } from './protobuf.js';
import type { Field } from './protobuf.js';

/** A hash that is on a list, in hexadecimal, with what it is listed for. */
export interface ListedHash {
  readonly hash: string;
  readonly threats: readonly Threat[];
}

const THREATS = {
  1: 'malware',
  2: 'phishing or deception',
  3: 'unwanted software',
  4: 'a harmful app',
} as const;
export type Threat = (typeof THREATS)[keyof typeof THREATS];

/**
 * A SearchHashesResponse: full_hashes = 1 { full_hash = 1, full_hash_details = 2 { threat_type = 1, attributes = 2 } }, cache_duration = 2
 * (developers.google.com/safe-browsing/reference/rpc/google.security.safebrowsing.v5). Throws NetFault `malformed`.
 */
export function readAnswer(body: Uint8Array): { readonly hashes: readonly ListedHash[]; readonly cacheMs: number } {
  try {
    const fields = readFields(body);
    const duration = messages(fields, 2).at(-1) ?? [];
    return { hashes: messages(fields, 1).flatMap(readHash), cacheMs: number(duration, 1) * 1000 };
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new NetFault('malformed', 'the answer was damaged', { cause });
  }
}

function readHash(fields: readonly Field[]): readonly ListedHash[] {
  const hash = fields.find((field) => field.number === 1)?.value;
  if (!(hash instanceof Uint8Array) || hash.length !== 32) throw new RangeError('a hash of a wrong length');
  const threats = messages(fields, 2).flatMap(readDetail);
  return threats.length === 0 ? [] : [{ hash: Buffer.from(hash).toString('hex'), threats: [...new Set(threats)] }];
}

/**
 * "If any value is considered invalid, the client MUST disregard the entire FullHashDetail message." Of the two known attributes CANARY
 * says not to act on it, and FRAME_ONLY that it holds only inside a frame, which a link in a mail is not: all are passed over.
 */
function readDetail(fields: readonly Field[]): readonly Threat[] {
  const type = number(fields, 1);
  const attributes = fields.filter((field) => field.number === 2).flatMap(readNumbers);
  if (!(type in THREATS) || attributes.length > 0) return [];
  return [THREATS[type as keyof typeof THREATS]];
}

function messages(fields: readonly Field[], wanted: number): readonly (readonly Field[])[] {
  return fields.flatMap(({ number: is, value }) =>
    is === wanted && value instanceof Uint8Array ? [readFields(value)] : [],
  );
}

function number(fields: readonly Field[], wanted: number): number {
  const value = fields.find((field) => field.number === wanted)?.value;
  return typeof value === 'number' ? value : 0;
}
