import type { gmail_v1 } from '@googleapis/gmail';
import type { HttpClient } from '../../net/http-client.js';
import { fetchWith } from '../../net/fetch-with.js';
import type { AccessTokens } from '../access-tokens.js';
import { ConnectorFault } from '../connector.js';
import { Gate, withPatience } from '../pace.js';
import type { Sleep } from '../pace.js';
import { faultOf, faultOnTheWay } from './faults.js';
import { COST } from './quota.js';
import type { Quota } from './quota.js';

export interface GmailClientOptions {
  readonly http: HttpClient;
  /** An origin; https://gmail.googleapis.com. */
  readonly baseUrl: string;
  readonly tokens: AccessTokens;
  readonly quota: Quota;
  readonly sleep: Sleep;
}

/** What Google's client takes beside the parameters of a method. */
interface CallOptions {
  readonly headers: Record<string, string>;
  readonly fetchImplementation: typeof fetch;
  readonly signal: AbortSignal;
  readonly retry: boolean;
  readonly responseType: 'json';
  readonly validateStatus: (status: number) => boolean;
}
interface Answered {
  readonly status: number;
  readonly data: unknown;
  /** Google's client turns them into a plain object, in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface GmailClient {
  /** Calls one method of Google's client for the signed-in user. Throws ConnectorFault. */
  call<T>(
    method: keyof typeof COST,
    signal: AbortSignal,
    send: (users: gmail_v1.Resource$Users, options: CallOptions) => Promise<{ readonly data: T }>,
  ): Promise<T>;
}

/** Gmail queues requests of one user beyond about this many, and answers 429 when they get too many. */
const AT_ONCE = 10;

/**
 * Google's own client does the addressing; tokens, quota, patience and the transport are ours. It is loaded when the first mailbox
 * needs it: a server without Gmail never does.
 */
export function createGmailClient({ http, baseUrl, tokens, quota, sleep }: GmailClientOptions): GmailClient {
  const gate = new Gate(AT_ONCE);
  const fetchImplementation = fetchWith(http);
  let users: Promise<gmail_v1.Resource$Users> | null = null;
  const load = async () => {
    const { gmail } = await import('@googleapis/gmail');
    return gmail({ version: 'v1', rootUrl: `${baseUrl}/`, retry: false }).users;
  };

  return {
    call: (method, signal, send) =>
      gate.pass(() =>
        withPatience(
          async () => {
            const api = await (users ??= load());
            const once = async (token: string) => {
              await quota.take(COST[method], signal);
              const options: CallOptions = {
                headers: { Authorization: `Bearer ${token}` },
                fetchImplementation,
                signal,
                retry: false,
                responseType: 'json',
                validateStatus: () => true,
              };
              try {
                return (await send(api, options)) as unknown as Answered;
              } catch (error) {
                signal.throwIfAborted();
                throw faultOnTheWay(error);
              }
            };
            const token = await tokens.get(null, signal);
            let answer = await once(token);
            if (answer.status === 401) answer = await once(await tokens.get(token, signal));
            if (answer.status === 401)
              throw new ConnectorFault('auth-revoked', 'Gmail no longer accepts the permission that was given.');
            // Not a plain object: spreading it would lose its status.
            const { status, data } = answer;
            if (status < 200 || status > 299) {
              const seconds = answer.headers['retry-after'];
              throw faultOf({ status, data, retryAfterMs: seconds === undefined ? null : Number(seconds) * 1000 });
            }
            return data as Awaited<ReturnType<typeof send>>['data'];
          },
          signal,
          sleep,
        ),
      ),
  };
}
