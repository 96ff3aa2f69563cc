import type { LookupFunction } from 'node:net';
import { Agent, request } from 'undici';
import { NetFault } from './net-fault.js';
import { NOT_PUBLIC } from './public-address.js';

export interface HttpRequest {
  readonly url: URL;
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal;
}

export interface HttpAnswer {
  readonly status: number;
  /** Lower case, without parameters; '' when there is none. */
  readonly contentType: string;
  /** Seconds the server asks to be left alone; null where it names none, or nothing that makes sense. */
  readonly retryAfterSeconds: number | null;
  readonly body: Uint8Array;
}

export interface HttpLimits {
  /** From the first byte sent to the last one received. */
  readonly timeoutMs: number;
  /** Of the body, decoded. */
  readonly maxBytes: number;
  /** Open connections to one host. */
  readonly connections: number;
  /** Longest silence once an answer has begun; 0 where only the whole time counts. */
  readonly idleMs: number;
}

export interface HttpClient {
  /**
   * Sends one request. Every status is an answer; redirects are too, and are not followed: the request carries a key that is meant for
   * one host. Throws NetFault, or the signal's reason.
   */
  send(request: HttpRequest): Promise<HttpAnswer>;
  close(): Promise<void>;
}

const MOST_CONNECT_MS = 10_000;
const LIMITS: HttpLimits = { timeoutMs: 5000, maxBytes: 1024 * 1024, connections: 16, idleMs: 0 };

/**
 * The client for addresses that the operator has set. What a message or a user chose must not be opened with it, unless `lookup` says
 * for every name whether its addresses may be reached, as the guarded client's does.
 */
export function createHttpClient(given: Partial<HttpLimits> = {}, lookup?: LookupFunction): HttpClient {
  const { timeoutMs, maxBytes, connections, idleMs } = { ...LIMITS, ...given };
  const agent = new Agent({
    ...{ connections, connectTimeout: Math.min(timeoutMs, MOST_CONNECT_MS), maxResponseSize: maxBytes },
    // The signal bounds the whole; a second clock of the same length would at times be faster, and call it something else.
    ...{ maxHeaderSize: 16_384, headersTimeout: 0, bodyTimeout: idleMs },
    ...(lookup === undefined ? {} : { connect: { lookup } }),
  });

  async function send({ url, method = 'GET', headers = {}, body, signal }: HttpRequest): Promise<HttpAnswer> {
    const timeout = AbortSignal.timeout(timeoutMs);
    try {
      const answer = await request(url, {
        dispatcher: agent,
        method,
        headers: { 'user-agent': 'postern', ...headers },
        signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
        ...(body === undefined ? {} : { body }),
      });
      return {
        status: answer.statusCode,
        contentType: first(answer.headers['content-type']).split(';', 1)[0]?.trim().toLowerCase() ?? '',
        retryAfterSeconds: retryAfter(first(answer.headers['retry-after'])),
        body: await answer.body.bytes(),
      };
    } catch (error) {
      if (signal?.aborted === true) throw signal.reason;
      throw timeout.aborted ? new NetFault('timeout', `no answer within ${timeoutMs / 1000} s`) : faultOf(error);
    }
  }

  return { send, close: () => agent.destroy() };
}

function first(header: string | string[] | undefined): string {
  return (Array.isArray(header) ? header[0] : header) ?? '';
}

/** RFC 9110, section 10.2.3: seconds, or a date. */
function retryAfter(value: string): number | null {
  if (/^\d{1,9}$/.test(value)) return Number(value);
  const date = /^[A-Z][a-z]{2}, /.test(value) ? Date.parse(value) : NaN;
  return Number.isNaN(date) ? null : Math.max(0, Math.ceil((date - Date.now()) / 1000));
}

function faultOf(cause: unknown): NetFault {
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : '';
  if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') return new NetFault('too-large', 'the answer was too large', { cause });
  if (code === NOT_PUBLIC) return new NetFault('forbidden', 'the address is not a public one', { cause });
  if (code === 'UND_ERR_BODY_TIMEOUT') return new NetFault('timeout', 'the answer stopped halfway', { cause });
  // Its clock is coarse, and may run out just before ours.
  if (code === 'UND_ERR_HEADERS_TIMEOUT') return new NetFault('timeout', 'no answer in time', { cause });
  if (code === 'UND_ERR_CONNECT_TIMEOUT') return new NetFault('timeout', 'no connection in time', { cause });
  const what = /^[A-Z][A-Z0-9_]+$/.test(code) ? ` (${code})` : '';
  return new NetFault('connection', `the connection failed${what}`, { cause });
}
