import { z } from 'zod';
import { PosternError } from '../../errors.js';
import type { LlmSettingRow } from '../../store/tables/detection/llm.js';
import { PROVIDER_IDS, PROVIDERS } from './providers.js';
import type { ProviderId } from './providers.js';

/** Where a model is asked, and which. */
export interface Connection {
  readonly provider: ProviderId;
  readonly endpoint: string;
  /** Azure's; '' elsewhere. */
  readonly apiVersion: string;
  readonly triageModel: string;
  /** Null: the triage model's word is the last. */
  readonly deepModel: string | null;
}

/** A connection as a request gives it. `key`: absent keeps what is there, null revokes it. */
export interface GivenConnection {
  readonly provider: ProviderId;
  readonly endpoint?: string | undefined;
  readonly apiVersion?: string | undefined;
  readonly triageModel: string;
  readonly deepModel?: string | null | undefined;
  readonly key?: string | null | undefined;
}

const Stored = z.object({
  provider: z.enum(PROVIDER_IDS),
  endpoint: z.string(),
  apiVersion: z.string().default(''),
  triageModel: z.string(),
  deepModel: z.string().nullable().default(null),
});
const Prices = z.record(z.string(), z.object({ input: z.number(), output: z.number() })).catch({});

/** Dollars for a million tokens, by the name of the model. */
export type Prices = Readonly<Record<string, { readonly input: number; readonly output: number }>>;

export function connectionOf(row: LlmSettingRow): Connection {
  return Stored.parse(row.connection);
}

export function fallbackOf(row: LlmSettingRow): Connection | null {
  return row.fallback === null ? null : Stored.parse(row.fallback);
}

export function pricesOf(row: LlmSettingRow): Prices {
  return Prices.parse(row.prices);
}

const AZURE_VERSION = '2024-10-21';
const MOST_CHARACTERS = 500;

/**
 * The connection that a request means, its endpoint checked: https to a public name, or an origin among `allowed`. What a name resolves
 * to is checked when it is connected to, each time. Throws `llm.endpoint-not-allowed` and `request.invalid`.
 */
export function checkedConnection(given: GivenConnection, allowed: readonly string[]): Connection {
  const facts = PROVIDERS[given.provider];
  const written = given.endpoint ?? facts.endpoint;
  if (written === null) throw invalid('endpoint', `${facts.name} needs the address of your server.`);
  return {
    provider: given.provider,
    endpoint: checkedEndpoint(written, allowed),
    apiVersion: given.provider === 'azure-openai' ? (given.apiVersion ?? AZURE_VERSION) : '',
    triageModel: given.triageModel,
    deepModel: given.deepModel ?? null,
  };
}

function checkedEndpoint(written: string, allowed: readonly string[]): string {
  const url = written.length <= MOST_CHARACTERS && URL.canParse(written) ? new URL(written) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) throw invalid('endpoint', 'The endpoint is no web address.');
  if (url.search !== '' || url.hash !== '' || url.username !== '' || url.password !== '')
    throw invalid('endpoint', 'The endpoint must be an address without a query, a fragment or a password.');
  if (!allowed.includes(url.origin) && url.protocol !== 'https:') {
    throw new PosternError(
      'llm.endpoint-not-allowed',
      `${url.origin} is not encrypted or lies in an inner network. The operator can allow it in POSTERN_LLM_ENDPOINTS.`,
    );
  }
  return url.href.replace(/\/+$/, '');
}

export function invalid(field: string, message: string): PosternError {
  return new PosternError('request.invalid', message, { details: { errors: [{ path: `body.${field}`, message }] } });
}
