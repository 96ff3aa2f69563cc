import type { IntelProvider, Opinion } from '../../../src/intel/provider.js';
import { createLog } from '../../../src/log.js';
import { sharedBy } from '../../../src/services/reputation/answer-cache.js';
import { ProviderDesk } from '../../../src/services/reputation/provider-desk.js';
import type { Store } from '../../../src/store/store.js';
import type { RequestBudget } from '../../../src/store/tables/detection/reputation.js';

export interface ScriptedProvider extends IntelProvider {
  /** Every request that was sent. */
  readonly asked: (readonly string[])[];
  /** What the next requests bring; throws to fail. */
  respond: (questions: readonly string[]) => unknown;
}

let count = 0;

/** A provider that answers as the test says, with a name of its own in the shared cache. The value of a link is its questions. */
export function scriptedProvider(): ScriptedProvider {
  count += 1;
  const provider: ScriptedProvider = {
    id: `test-${process.pid}-${count}`,
    name: 'Tester',
    asked: [],
    respond: () => 'clean',
    questions: ({ value }) => value.split(' '),
    async ask(questions) {
      provider.asked.push(questions);
      const answer = await provider.respond(questions);
      return { byQuestion: new Map(questions.map((question) => [question, answer])), lastsMs: 60_000 };
    },
    judge: (_subject, answers) => {
      const verdict = [...answers.values()].includes('malicious') ? 'malicious' : 'clean';
      return { verdict: answers.size === 0 ? 'unknown' : verdict, says: '' };
    },
  };
  return provider;
}

export interface TestDesk {
  readonly desk: ProviderDesk;
  readonly clock: { now: number };
  readonly stop: AbortController;
  readonly ask: (value: string) => Promise<Opinion | { readonly unavailable: string }>;
}

/** Stands for one process: what is remembered in memory is its own. */
export function openDesk(
  store: Store,
  provider: IntelProvider,
  budget: RequestBudget = { perMinute: 1000, perDay: 1000 },
): TestDesk {
  const clock = { now: 1_000_000 };
  const stop = new AbortController();
  const parts = { provider, budget, log: createLog('silent'), now: () => clock.now, signal: stop.signal };
  const desk = new ProviderDesk({ ...parts, shared: sharedBy(store) });
  return { desk, clock, stop, ask: (value) => desk.ask({ kind: 'url', value }) };
}
