import type { EvidencePlace, Message } from '../mail/message.js';
import type { Brand } from './brands/brands.js';
import type { FindingId } from './catalogue.js';

export const LAYERS = ['headers', 'content', 'urls', 'attachments', 'reputation', 'llm'] as const;
export type Layer = (typeof LAYERS)[number];

/** One scanner of a layer. It reports facts or says why it could not look; it never decides. */
export interface Scanner {
  readonly layer: Layer;
  readonly name: string;
  readonly timeoutMs?: number;
  /** At once where there is nothing to wait for: a promise costs more than what most scanners do. */
  scan(message: Message, context: ScanContext): ScanOutcome | Promise<ScanOutcome>;
}

export type ScanOutcome =
  | {
      readonly findings: readonly Finding[];
      /** Why not everything could be looked at: what was found counts, and the layer has failed all the same. */
      readonly incomplete?: string;
      /** Who looked, where that was not postern itself. */
      readonly by?: string;
    }
  | { readonly skipped: string };

/** Plain data plus a closed set of asynchronous lookups, which cross to the main thread over a message port. */
export interface ScanContext {
  readonly tenant: TenantProfile;
  readonly sender: SenderHistory;
  readonly now: Date;
  /** The raw message, where it is at hand: null in a rescan from sealed content. */
  readonly raw: Uint8Array | null;
  /** Set by the headers layer for the layers after it. */
  readonly authentication: AuthenticationResult;
  readonly earlier: readonly Finding[];
  readonly lookup: Lookup;
  readonly signal: AbortSignal;
}

export interface TenantProfile {
  /** Domains the tenant receives mail for, registrable or below. */
  readonly domains: readonly string[];
  /** People whose names get impersonated, with the addresses that are really theirs. */
  readonly people: readonly { readonly name: string; readonly addresses: readonly string[] }[];
  /** Host names whose Authentication-Results are believed (RFC 8601 authserv-id). */
  readonly trustedAuthservIds: readonly string[];
  /** Addresses or domains; they count only for authenticated senders and never against malware. */
  readonly allow: readonly string[];
  readonly block: readonly string[];
  /** Finding id -> factor on its weight; 0 silences it. */
  readonly weights: Readonly<Record<string, number>>;
  /** Brands of the tenant's own, and what it adds to shipped ones of the same name. */
  readonly brands?: readonly Brand[];
}

/** What the tenant has seen of this sender before; null where nobody keeps count (command line). */
export interface SenderHistory {
  readonly messages: number | null;
  readonly firstSeen: string | null;
}

export type LookupAnswer<T> =
  | { readonly answer: T }
  | {
      readonly unavailable: string;
      /** Nobody is there to be asked, by the operator's choice: no failure. */
      readonly off?: true;
    };

/** Never throws: an answer, or 'unavailable' with its reason. */
export interface Lookup {
  dns(name: string, type: string): Promise<LookupAnswer<readonly (string | readonly string[])[]>>;
  reputation(indicator: Indicator): Promise<LookupAnswer<ReputationAnswer>>;
  llm(question: LlmQuestion): Promise<LookupAnswer<LlmReply>>;
  /** Why no model will answer, where that is known beforehand: then no question need be written. */
  readonly llmOff?: string | undefined;
}

/** A question to a language model, complete: whoever carries it adds nothing to it. */
export interface LlmQuestion {
  /** A quick model first; a thorough one where that does not settle it. */
  readonly depth: 'triage' | 'deep';
  readonly system: string;
  readonly user: string;
  /** JSON Schema of the answer. */
  readonly schema: Readonly<Record<string, unknown>>;
  readonly maxTokens: number;
}

export interface LlmReply {
  /** As the model wrote it: not to be believed before it was checked. */
  readonly json: unknown;
  /** "gpt-5-mini at OpenAI". */
  readonly by: string;
}

export interface ReputationAnswer {
  readonly verdict: 'unknown' | 'clean' | 'suspicious' | 'malicious';
  /** Who thinks so; '' where nobody knows it. */
  readonly source: string;
  /** What they say, with their names: "VirusTotal: 7 of 94 engines report it". */
  readonly says?: string;
  /** A feed of the operator's lists this: the thing asked about, or the domain or address it belongs to. */
  readonly listed?: Indicator;
  /** Who else could not be asked, and why. */
  readonly incomplete?: string;
}

export interface Indicator {
  readonly kind: 'url' | 'domain' | 'ip' | 'address' | 'sha256';
  readonly value: string;
}

/** A fact with its evidence. `id` is a key of the findings catalogue; its weight is in the weights file. */
export interface Finding {
  readonly id: FindingId;
  /** What a person would point at, in plain words with the real values: "shows paypal.com, opens secure-pay.example". */
  readonly evidence: string;
  readonly at?: EvidencePlace;
  /** 0..1, default 1. */
  readonly strength?: number;
  readonly indicators?: readonly Indicator[];
}

export type AuthenticationStatus =
  'pass' | 'fail' | 'softfail' | 'neutral' | 'none' | 'policy' | 'temperror' | 'permerror';

/** Results in the words of RFC 8601. `none` also where nobody looked. */
export interface AuthenticationResult {
  readonly source: 'verified' | 'trusted-header' | 'none';
  /** The authserv-id that was believed; null when verified here or not at all. */
  readonly by: string | null;
  readonly spf: { readonly result: AuthenticationStatus; readonly domain: string | null };
  readonly dkim: readonly { readonly result: AuthenticationStatus; readonly domain: string | null }[];
  readonly dmarc: {
    readonly result: AuthenticationStatus;
    readonly domain: string | null;
    readonly policy: string | null;
  };
  readonly arc: { readonly result: AuthenticationStatus };
  /** The From domain is covered by a passing DMARC, or by an aligned DKIM or SPF pass. Never true with conflicting identity fields. */
  readonly aligned: boolean;
}
