import { createHash } from 'node:crypto';
import { startWebServer } from '../../helpers/web-server.js';
import type { Behaviour, Reply, SeenRequest, WebServer } from '../../helpers/web-server.js';

/** The only headers the client has a reason to send. */
const HEADERS = new Set(['host', 'connection', 'user-agent']);

export interface FakeSafeBrowsing extends WebServer {
  /** Expressions that are listed (`evil.example/`), with numbers of ThreatType and ThreatAttribute. */
  readonly listed: Map<string, readonly FakeDetail[]>;
  /** Full hashes, in hexadecimal, that are sent with every answer whatever was asked. */
  readonly strays: string[];
  cacheSeconds: number;
  /** Instead of an answer, where it is set. */
  trouble: Behaviour | null;
}

export interface FakeDetail {
  readonly type: number;
  readonly attributes?: readonly number[];
}

/**
 * Google Safe Browsing v5 as its pages describe it (developers.google.com/safe-browsing/reference/rest/v5/hashes/search, and
 * …/reference/rpc/google.security.safebrowsing.v5 for the messages). Whatever those pages do not name is refused.
 */
export async function startSafeBrowsing(key: string): Promise<FakeSafeBrowsing> {
  const state = { listed: new Map<string, readonly FakeDetail[]>(), strays: [] as string[], cacheSeconds: 300 };
  const trouble: { now: Behaviour | null } = { now: null };
  const server = await startWebServer((request) => trouble.now ?? answer(request, key, state));
  return Object.defineProperties({ ...server, ...state } as FakeSafeBrowsing, {
    trouble: { set: (behaviour: Behaviour | null) => (trouble.now = behaviour) },
    cacheSeconds: { set: (seconds: number) => (state.cacheSeconds = seconds) },
  });
}

function answer(
  { method, target, headers, body }: SeenRequest,
  key: string,
  state: Pick<FakeSafeBrowsing, 'listed' | 'strays' | 'cacheSeconds'>,
): Reply {
  const url = new URL(target, 'http://fake');
  if (method !== 'GET' || url.pathname !== '/v5/hashes:search' || body !== '') return googleError(404, 'NOT_FOUND', '');
  const strange = [...url.searchParams.keys()].find((name) => name !== 'key' && name !== 'hashPrefixes');
  if (strange !== undefined) return googleError(400, 'INVALID_ARGUMENT', `Unknown name "${strange}"`);
  const header = Object.keys(headers).find((name) => !HEADERS.has(name));
  if (header !== undefined) return googleError(400, 'INVALID_ARGUMENT', `Unexpected header ${header}`);
  if (url.searchParams.get('key') !== key) return wrongKey();
  const prefixes = url.searchParams.getAll('hashPrefixes').map((text) => Buffer.from(text, 'base64'));
  if (prefixes.length === 0 || prefixes.length > 1000) return googleError(400, 'INVALID_ARGUMENT', 'hash_prefixes');
  if (prefixes.some((prefix) => prefix.length !== 4)) return googleError(400, 'INVALID_ARGUMENT', 'hash prefix length');
  const asked = new Set(prefixes.map((prefix) => prefix.toString('hex')));
  const found = [...state.listed]
    .map(([expression, details]) => ({ hash: createHash('sha256').update(expression).digest(), details }))
    .filter(({ hash }) => asked.has(hash.subarray(0, 4).toString('hex')));
  const strays = state.strays.map((hash) => ({ hash: Buffer.from(hash, 'hex'), details: [{ type: 2 }] }));
  return protobuf(searchHashesResponse([...found, ...strays], state.cacheSeconds));
}

export function protobuf(body: Uint8Array): Reply {
  return { status: 200, headers: { 'content-type': 'application/x-protobuf' }, body };
}

/** cloud.google.com/apis/design/errors, "Error model". */
export function googleError(
  status: number,
  code: string,
  message: string,
  headers: Record<string, string> = {},
): Reply {
  const error = { code: status, message, status: code };
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify({ error }) };
}

export function wrongKey(): Reply {
  const details = [
    { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'API_KEY_INVALID', domain: 'googleapis.com' },
  ];
  const error = {
    code: 400,
    message: 'API key not valid. Please pass a valid API key.',
    status: 'INVALID_ARGUMENT',
    details,
  };
  return { status: 400, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ error }) };
}

export function searchHashesResponse(
  hashes: readonly { readonly hash: Uint8Array; readonly details: readonly FakeDetail[] }[],
  cacheSeconds: number,
): Buffer {
  const fullHashes = hashes.map(({ hash, details }) => {
    const written = details.map(({ type, attributes = [] }) =>
      field(2, Buffer.concat([number(1, type), field(2, Buffer.from(attributes))])),
    );
    return field(1, Buffer.concat([field(1, hash), ...written]));
  });
  return Buffer.concat([...fullHashes, field(2, number(1, cacheSeconds))]);
}

function number(id: number, value: number): Buffer {
  return Buffer.concat([varint(id * 8), varint(value)]);
}

function field(id: number, bytes: Uint8Array): Buffer {
  return bytes.length === 0 ? Buffer.alloc(0) : Buffer.concat([varint(id * 8 + 2), varint(bytes.length), bytes]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    bytes.push(rest >= 128 ? (rest % 128) + 128 : rest);
    if (rest < 128) return Buffer.from(bytes);
  }
}
