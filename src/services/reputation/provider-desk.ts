import { ProviderFault } from '../../intel/provider.js';
import type { IntelProvider, Opinion, Subject } from '../../intel/provider.js';
import type { Log } from '../../log.js';
import { NetFault } from '../../net/net-fault.js';
import type { ReputationTable, RequestBudget } from '../../store/tables/detection/reputation.js';
import { AnswerCache } from './answer-cache.js';
import { CircuitBreaker } from './circuit-breaker.js';

export interface DeskOptions {
  readonly provider: IntelProvider;
  /** Over all processes together. */
  readonly budget: RequestBudget;
  readonly shared: ReputationTable;
  readonly log: Log;
  /** Milliseconds. */
  readonly now: () => number;
  /** Ends what is under way. */
  readonly signal: AbortSignal;
}

/** Why nobody was asked; shown to users, so without secrets. */
class Unavailable extends Error {}

/** Where one provider is asked: what is known is not asked again, what is being asked is waited for, and the budget is kept. */
export class ProviderDesk {
  readonly #provider: IntelProvider;
  readonly #cache: AnswerCache;
  readonly #breaker: CircuitBreaker;
  readonly #underWay = new Map<string, Promise<ReadonlyMap<string, unknown>>>();
  #spentUntil = 0;

  constructor(private readonly options: DeskOptions) {
    const { provider, shared, log, now } = options;
    this.#provider = provider;
    this.#cache = new AnswerCache(provider.id, shared, now, (error) =>
      log.warn({ err: error, provider: provider.id }, 'the shared cache of reputation cannot be used'),
    );
    this.#breaker = new CircuitBreaker(now, (reason, pauseMs) =>
      log.warn(
        { provider: provider.id, reason, seconds: Math.round(pauseMs / 1000) },
        'a reputation provider is left alone',
      ),
    );
  }

  get name(): string {
    return this.#provider.name;
  }

  /** What the provider thinks. Never rejects. */
  async ask(subject: Subject): Promise<Opinion | { readonly unavailable: string }> {
    try {
      const { known, failure } = await this.#answers(this.#provider.questions(subject));
      const opinion = this.#provider.judge(subject, known);
      // Part of the answers may already tell enough; that they do not is no relief.
      return failure === null || opinion.verdict === 'malicious' ? opinion : this.#unavailable(failure);
    } catch (error) {
      return this.#unavailable(error);
    }
  }

  #unavailable(error: unknown): { readonly unavailable: string } {
    if (!(error instanceof Unavailable)) this.options.log.error({ err: error }, 'a reputation lookup failed');
    const reason = error instanceof Unavailable ? error.message : 'an error in postern';
    return { unavailable: `${this.#provider.name}: ${reason}` };
  }

  async #answers(
    questions: readonly string[],
  ): Promise<{ readonly known: ReadonlyMap<string, unknown>; readonly failure: unknown }> {
    const known = new Map<string, unknown>();
    const waiting = new Set<Promise<ReadonlyMap<string, unknown>>>();
    const fresh: string[] = [];
    for (const question of questions) {
      const answer = this.#cache.recall(question);
      const underWay = this.#underWay.get(question);
      if (answer !== undefined) known.set(question, answer);
      else if (underWay !== undefined) waiting.add(underWay);
      else fresh.push(question);
    }
    if (fresh.length > 0) waiting.add(this.#begin(fresh));
    let failure: unknown = null;
    for (const outcome of await Promise.allSettled(waiting)) {
      if (outcome.status === 'rejected') failure ??= outcome.reason;
      else
        for (const question of questions)
          if (outcome.value.has(question)) known.set(question, outcome.value.get(question));
    }
    return { known, failure };
  }

  /** From here until it is settled, whoever has one of these questions waits for this answer. */
  #begin(questions: readonly string[]): Promise<ReadonlyMap<string, unknown>> {
    const work = this.#obtain(questions).finally(() => {
      for (const question of questions) this.#underWay.delete(question);
    });
    for (const question of questions) this.#underWay.set(question, work);
    return work;
  }

  async #obtain(questions: readonly string[]): Promise<ReadonlyMap<string, unknown>> {
    const known = await this.#cache.fetch(questions);
    const open = questions.filter((question) => !known.has(question));
    if (open.length === 0) return known;
    const refusal = this.#breaker.enter();
    if (refusal !== null) throw new Unavailable(refusal);
    try {
      await this.#spend();
    } catch (error) {
      this.#breaker.leave();
      throw error;
    }
    const { byQuestion, lastsMs } = await this.#send(open);
    await this.#cache.remember(byQuestion, lastsMs);
    return new Map([...known, ...byQuestion]);
  }

  async #spend(): Promise<void> {
    const { budget, shared, now, log } = this.options;
    const usedUp = `the budget of ${budget.perMinute} requests a minute and ${budget.perDay} a day is used up`;
    if (now() < this.#spentUntil) throw new Unavailable(usedUp);
    let seconds: number;
    try {
      seconds = await shared.spend(this.#provider.id, budget);
    } catch (error) {
      log.warn({ err: error }, 'the budget of a reputation provider cannot be read');
      throw new Unavailable('its budget cannot be read');
    }
    if (seconds === 0) return;
    this.#spentUntil = now() + seconds * 1000;
    throw new Unavailable(usedUp);
  }

  async #send(questions: readonly string[]) {
    try {
      const answers = await this.#provider.ask(questions, this.options.signal);
      this.#breaker.succeed();
      return answers;
    } catch (error) {
      throw new Unavailable(this.#reasonOf(error));
    }
  }

  /** Why there is no answer, which the breaker hears of too. Neither what concerns one question alone, nor a huge answer to it, counts. */
  #reasonOf(error: unknown): string {
    if (error instanceof ProviderFault) {
      const askedMs = error.retryAfterSeconds === null ? null : error.retryAfterSeconds * 1000;
      if (error.kind === 'unanswerable') this.#breaker.succeed();
      else if (error.kind === 'failed' && askedMs === null) this.#breaker.fail(error.message);
      else this.#breaker.open(error.message, askedMs);
      return error.message;
    }
    if (this.options.signal.aborted) {
      this.#breaker.leave();
      return 'postern is stopping';
    }
    if (!(error instanceof NetFault)) {
      this.#breaker.leave();
      throw error;
    }
    if (error.kind === 'too-large') this.#breaker.succeed();
    else this.#breaker.fail(error.message);
    return error.message;
  }
}
