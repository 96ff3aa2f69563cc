/** What can be looked up, without what led to it. */
export interface Subject {
  readonly kind: 'url' | 'sha256';
  readonly value: string;
}

export interface Opinion {
  readonly verdict: 'unknown' | 'clean' | 'suspicious' | 'malicious';
  /** Completes "<provider> …" in plain words; '' where there is nothing to tell. */
  readonly says: string;
}

/** What one request brought: an answer for each question, and how long it holds. */
export interface Answers {
  /** Question -> answer as plain JSON. A question without an answer here is answered by null. */
  readonly byQuestion: ReadonlyMap<string, unknown>;
  readonly lastsMs: number;
}

/** One outside source of knowledge. It asks and reads; caches, budgets and patience are not its business. */
export interface IntelProvider {
  /** Names it in the shared cache and in budgets. */
  readonly id: string;
  /** As users read it. */
  readonly name: string;
  /** What would have to be asked, and all that would leave the machine; none where this provider knows nothing of such things. */
  questions(subject: Subject): readonly string[];
  /** Exactly one request for these questions, which belong to one subject. Throws ProviderFault, or NetFault. */
  ask(questions: readonly string[], signal: AbortSignal): Promise<Answers>;
  /** Reads the answers, which may come from the cache; null for one that is not understood counts as unknown. */
  judge(subject: Subject, answers: ReadonlyMap<string, unknown>): Opinion;
}

/** - `refused`: the key is wrong or may not do this. - `busy`: too many requests. - `failed`: it is in trouble itself. - `unanswerable`: just this question. */
export type ProviderFaultKind = 'refused' | 'busy' | 'failed' | 'unanswerable';

export class ProviderFault extends Error {
  override readonly name = 'ProviderFault';

  constructor(
    readonly kind: ProviderFaultKind,
    message: string,
    /** How long it asked to be left alone; null where it did not say. */
    readonly retryAfterSeconds: number | null = null,
  ) {
    super(message);
  }
}
