import { createHash } from 'node:crypto';
import type { NewAnswer, ReputationTable } from '../../store/tables/detection/reputation.js';
import type { Store } from '../../store/store.js';

/** Answers this process remembers by itself. */
const MOST_ENTRIES = 20_000;

interface Entry {
  readonly answer: unknown;
  readonly until: number;
}

/** What all processes know of a provider's answers, in their database; with the purpose pinned for each call. */
export function sharedBy(store: Store): ReputationTable {
  const run = <T>(work: (table: ReputationTable) => Promise<T>): Promise<T> =>
    store.withSystem('reputation', ({ reputation }) => work(reputation));
  return {
    find: (provider, digests) => run((table) => table.find(provider, digests)),
    remember: (provider, answers, lastsMs) => run((table) => table.remember(provider, answers, lastsMs)),
    spend: (provider, budget) => run((table) => table.spend(provider, budget)),
  };
}

/**
 * Answers of one provider by question: in memory first, then in the shared table, where a question stands under its hash only. A
 * database that is away costs the shared part, nothing else.
 */
export class AnswerCache {
  readonly #entries = new Map<string, Entry>();

  constructor(
    private readonly provider: string,
    private readonly shared: ReputationTable,
    private readonly now: () => number,
    private readonly onFault: (error: unknown) => void,
  ) {}

  /** Undefined where this process knows no answer; null is an answer. */
  recall(question: string): unknown {
    const entry = this.#entries.get(question);
    if (entry === undefined || entry.until > this.now()) return entry?.answer;
    this.#entries.delete(question);
    return undefined;
  }

  /** What other processes have learnt. */
  async fetch(questions: readonly string[]): Promise<ReadonlyMap<string, unknown>> {
    const byDigest = new Map(questions.map((question) => [digestOf(question).toString('hex'), question]));
    const found = new Map<string, unknown>();
    try {
      const rows = await this.shared.find(this.provider, questions.map(digestOf));
      for (const [digest, { answer, lastsMs }] of rows) {
        const question = byDigest.get(digest);
        if (question === undefined) continue;
        found.set(question, answer);
        this.#keep(question, answer, lastsMs);
      }
    } catch (error) {
      this.onFault(error);
    }
    return found;
  }

  async remember(answers: ReadonlyMap<string, unknown>, lastsMs: number): Promise<void> {
    if (lastsMs <= 0) return;
    const rows: NewAnswer[] = [];
    for (const [question, answer] of answers) {
      this.#keep(question, answer, lastsMs);
      rows.push({ digest: digestOf(question), answer });
    }
    try {
      await this.shared.remember(this.provider, rows, lastsMs);
    } catch (error) {
      this.onFault(error);
    }
  }

  #keep(question: string, answer: unknown, lastsMs: number): void {
    this.#entries.delete(question);
    this.#entries.set(question, { answer, until: this.now() + lastsMs });
    if (this.#entries.size <= MOST_ENTRIES) return;
    const [oldest] = this.#entries.keys();
    if (oldest !== undefined) this.#entries.delete(oldest);
  }
}

function digestOf(question: string): Buffer {
  return createHash('sha256').update(question).digest();
}
