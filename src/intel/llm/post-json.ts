import type { HttpAnswer, HttpClient } from '../../net/http-client.js';
import { NetFault } from '../../net/net-fault.js';
import { LlmFault } from './provider.js';
import type { LlmFaultKind } from './provider.js';

export interface JsonPost {
  readonly http: HttpClient;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly signal: AbortSignal;
}

const FROM_NET: Readonly<Record<NetFault['kind'], LlmFaultKind>> = {
  timeout: 'timeout',
  connection: 'unreachable',
  'too-large': 'malformed',
  malformed: 'malformed',
  forbidden: 'forbidden',
};

/** Sends one JSON request; every status is an answer. Trouble of the network becomes an LlmFault. */
export async function postJson({ http, url, headers, body, signal }: JsonPost): Promise<HttpAnswer> {
  try {
    const all = { 'content-type': 'application/json', ...headers };
    return await http.send({ url, method: 'POST', headers: all, body: JSON.stringify(body), signal });
  } catch (error) {
    if (error instanceof NetFault) throw new LlmFault(FROM_NET[error.kind], error.message);
    throw error;
  }
}

/** Joins a base address that may have a path of its own with the path of an operation. */
export function under(base: string, path: string): URL {
  return new URL(`${base.replace(/\/+$/, '')}/${path}`);
}
