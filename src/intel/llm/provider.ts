/** A JSON Schema without the keywords that providers do not all know: objects with every property required, arrays, enums. */
export type JsonSchema = Readonly<Record<string, unknown>>;

export interface LlmRequest {
  readonly model: string;
  readonly system: string;
  readonly user: string;
  readonly schema: JsonSchema;
  /** Of the answer. */
  readonly maxTokens: number;
  readonly signal: AbortSignal;
}

export interface LlmUsage {
  /** Null where the provider did not say. */
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
}

export interface LlmAnswer extends LlmUsage {
  /** Whatever JSON the model wrote: it is checked by whoever asked. */
  readonly json: unknown;
  /** As the provider names what answered. */
  readonly model: string;
}

/** One way to ask a language model. It asks once and reads; quotas, patience and second choices are not its business. */
export interface LlmProvider {
  /** Exactly one request. Throws LlmFault, or the signal's reason. */
  complete(request: LlmRequest): Promise<LlmAnswer>;
}

/**
 * - `refused`: the key is wrong or may not do this. - `busy`: too many requests, or the account's quota is used up. - `failed`: it is in
 * trouble itself. - `unanswerable`: it does not know the model, or this request. - `declined`: the model would not answer. - `stopped`:
 * the answer ended before it was complete. - `malformed`: the answer was not what its pages promise. - `timeout`, `unreachable`,
 * `forbidden`: the network, and what must not be reached.
 */
export type LlmFaultKind =
  | 'refused'
  | 'busy'
  | 'failed'
  | 'unanswerable'
  | 'declined'
  | 'stopped'
  | 'malformed'
  | 'timeout'
  | 'unreachable'
  | 'forbidden';

const NO_USAGE: LlmUsage = { inputTokens: null, outputTokens: null };

/** The message completes "<provider>: …" in plain words, and holds nothing of the request. */
export class LlmFault extends Error {
  override readonly name = 'LlmFault';
  readonly retryAfterSeconds: number | null;
  /** Failed answers are paid for too. */
  readonly usage: LlmUsage;

  constructor(
    readonly kind: LlmFaultKind,
    message: string,
    more: { readonly retryAfterSeconds?: number | null; readonly usage?: LlmUsage } = {},
  ) {
    super(message);
    this.retryAfterSeconds = more.retryAfterSeconds ?? null;
    this.usage = more.usage ?? NO_USAGE;
  }
}
