import type { Client, Context, Middleware, ResponseType } from '@microsoft/microsoft-graph-client';
import { fetchWith } from '../../net/fetch-with.js';
import type { HttpClient } from '../../net/http-client.js';
import type { AccessTokens } from '../access-tokens.js';
import { ConnectorFault } from '../connector.js';
import { Gate, withPatience } from '../pace.js';
import type { Sleep } from '../pace.js';
import { faultOf, faultOnTheWay } from './faults.js';

export interface GraphClientOptions {
  readonly http: HttpClient;
  /** An origin; https://graph.microsoft.com. */
  readonly baseUrl: string;
  readonly tokens: AccessTokens;
  readonly sleep: Sleep;
}

export interface GraphCall {
  readonly method?: 'get' | 'post' | 'patch' | 'delete';
  /** Below the version; each part already encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: Readonly<Record<string, unknown>>;
  /** Most entries a page should have. */
  readonly pageSize?: number;
}

export interface GraphClient {
  /** The answer as JSON; undefined where there is none. Throws ConnectorFault. */
  json(call: GraphCall, signal: AbortSignal): Promise<unknown>;
  bytes(call: GraphCall, signal: AbortSignal): Promise<Uint8Array>;
}

/** "MailboxConcurrency": four requests at once for one app and mailbox (learn.microsoft.com/graph/throttling-limits#outlook-service-limits). */
const AT_ONCE = 4;

/**
 * Microsoft's own client builds the requests; what each of them carries, patience and the transport are ours: its own middleware hands
 * tokens only to hosts it knows, and forgets why a connection failed. Loaded when the first mailbox needs it.
 */
export function createGraphClient({ http, baseUrl, tokens, sleep }: GraphClientOptions): GraphClient {
  const gate = new Gate(AT_ONCE);
  const host = new URL(baseUrl).hostname;
  let client: Promise<{ readonly api: Client; readonly raw: ResponseType }> | null = null;
  const load = async () => {
    const { Client: Graph, ResponseType: Kind } = await import('@microsoft/microsoft-graph-client');
    const middleware = [createTransport(fetchWith(http))];
    const options = { middleware, baseUrl: `${baseUrl}/`, defaultVersion: 'v1.0', customHosts: new Set([host]) };
    return { api: Graph.initWithMiddleware(options), raw: Kind.RAW };
  };

  async function once(call: GraphCall, token: string, signal: AbortSignal): Promise<Response> {
    const { api, raw } = await (client ??= load());
    const query = Object.entries(call.query ?? {}).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
    // learn.microsoft.com/graph/outlook-immutable-id: on every call, or the ids of two calls would not be the same.
    const prefer = ['IdType="ImmutableId"'];
    if (call.pageSize !== undefined) prefer.push(`odata.maxpagesize=${call.pageSize}`);
    const request = api
      .api(query.length === 0 ? call.path : `${call.path}${call.path.includes('?') ? '&' : '?'}${query.join('&')}`)
      .headers({ Authorization: `Bearer ${token}`, Prefer: prefer.join(', ') })
      .option('signal', signal)
      .responseType(raw);
    try {
      const send = { get: () => request.get(), delete: () => request.delete() };
      if (call.method === 'post') return (await request.post(call.body ?? {})) as Response;
      if (call.method === 'patch') return (await request.patch(call.body ?? {})) as Response;
      return (await send[call.method ?? 'get']()) as Response;
    } catch (error) {
      signal.throwIfAborted();
      // What the transport threw, in the one wrapper that Microsoft's client leaves as it is.
      throw faultOnTheWay((error as { customError?: unknown }).customError ?? error);
    }
  }

  async function send(call: GraphCall, signal: AbortSignal): Promise<Response> {
    const attempt = async () => {
      const token = await tokens.get(null, signal);
      let answer = await once(call, token, signal);
      if (answer.status === 401) answer = await once(call, await tokens.get(token, signal), signal);
      if (answer.status === 401)
        throw new ConnectorFault('auth-revoked', 'Microsoft 365 no longer accepts the permission that was given.');
      if (answer.ok) return answer;
      const seconds = answer.headers.get('retry-after');
      const retryAfterMs = seconds === null ? null : Number(seconds) * 1000;
      throw faultOf({ status: answer.status, body: await answer.text(), retryAfterMs });
    };
    return await gate.pass(() => withPatience(attempt, signal, sleep));
  }

  return {
    async json(call, signal) {
      const answer = await send(call, signal);
      const text = await answer.text();
      if (text === '') return undefined;
      try {
        return JSON.parse(text) as unknown;
      } catch (cause) {
        throw new ConnectorFault('unavailable', 'The answer of Microsoft 365 was not understood.', { cause });
      }
    },
    async bytes(call, signal) {
      const answer = await send(call, signal);
      return new Uint8Array(await answer.arrayBuffer());
    },
  };
}

/** The last of Microsoft's middleware, which sends. */
function createTransport(send: typeof fetch): Middleware {
  return {
    async execute(context: Context) {
      try {
        context.response = await send(String(context.request), context.options);
      } catch (error) {
        const { GraphClientError } = await import('@microsoft/microsoft-graph-client');
        const wrapped = new GraphClientError('the request was not answered');
        wrapped.customError = error as Error;
        throw wrapped;
      }
    },
  };
}

/**
 * A link to more, as a path below the version: whatever host it names, the token goes to the one that was configured. Throws
 * ConnectorFault for one that leads elsewhere.
 */
export function pathOfLink(link: string): string {
  const url = URL.canParse(link) ? new URL(link) : null;
  if (url?.pathname.startsWith('/v1.0/') !== true)
    throw new ConnectorFault('unavailable', 'The answer of Microsoft 365 was not understood.');
  return url.pathname.slice('/v1.0'.length) + url.search;
}
