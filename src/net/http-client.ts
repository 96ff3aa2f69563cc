import { Agent, request } from 'undici';
import { NetFault } from './net-fault.js';

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
}

export interface HttpClient {
  /**
   * Sends one request. Every status is an answer; redirects are too, and are not followed: the request carries a key that is meant for
   * one host. Throws NetFault, or the signal's reason.
   */
  send(request: HttpRequest): Promise<HttpAnswer>;
  close(): Promise<void>;
}

const LIMITS: HttpLimits = { timeoutMs: 5000, maxBytes: 1024 * 1024, connections: 16 };

/** The client for addresses that the operator has set. What a message or a user chose must not be opened with it. */
export function createHttpClient(given: Partial<HttpLimits> = {}): HttpClient {
  const { timeoutMs, maxBytes, connections } = { ...LIMITS, ...given };
  const agent = new Agent({ connections, connectTimeout: timeoutMs, maxResponseSize: maxBytes, maxHeaderSize: 16_384 });

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
  if (code === 'UND_ERR_CONNECT_TIMEOUT') return new NetFault('timeout', 'no connection in time', { cause });
  const what = /^[A-Z][A-Z0-9_]+$/.test(code) ? ` (${code})` : '';
  return new NetFault('connection', `the connection failed${what}`, { cause });
}
