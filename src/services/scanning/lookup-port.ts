import type { Lookup, LookupAnswer } from '../../scanners/scanner.js';
import type { FromThread, Question } from './protocol.js';

const NO_MODEL = 'no language model is configured';

/** Where nobody answers: the command line, closed networks, threads whose main thread offered nothing. */
export const OFFLINE: Lookup = {
  dns: () => Promise.resolve({ unavailable: 'offline' }),
  reputation: () => Promise.resolve({ unavailable: 'no reputation provider is configured', off: true }),
  llm: () => Promise.resolve({ unavailable: NO_MODEL, off: true }),
  llmOff: NO_MODEL,
};

export interface LookupPort {
  /** A Lookup whose questions travel to the main thread under this job's number. */
  forJob(job: number, llmOff?: string): Lookup;
  /** Hands an answer to the scanner that waits for it. */
  answer(lookup: number, answer: LookupAnswer<unknown>): void;
}

/** The thread's side of lookups: threads do no I/O, they ask. */
export function createLookupPort(tell: (message: FromThread) => void): LookupPort {
  const waiting = new Map<number, (answer: LookupAnswer<unknown>) => void>();
  let last = 0;

  function ask<T>(job: number, question: Question): Promise<LookupAnswer<T>> {
    last += 1;
    const lookup = last;
    return new Promise((resolve) => {
      // The main thread answers each kind of question with that kind's answer; structured clone keeps its shape.
      waiting.set(lookup, resolve as (answer: LookupAnswer<unknown>) => void);
      tell({ kind: 'lookup', job, lookup, question });
    });
  }

  return {
    forJob: (job, llmOff) => ({
      dns: (name, type) => ask(job, { about: 'dns', name, type }),
      reputation: (indicator) => ask(job, { about: 'reputation', indicator }),
      llm: (question) => ask(job, { about: 'llm', question }),
      llmOff,
    }),
    answer(lookup, answer) {
      waiting.get(lookup)?.(answer);
      waiting.delete(lookup);
    },
  };
}
