import type { Lookup, LookupAnswer } from '../../scanners/scanner.js';
import type { Question } from './protocol.js';

/** No lookup keeps a message waiting longer, whatever its own time limits are. A model on a small machine takes its time. */
const LOOKUP_LIMIT_MS = { dns: 30_000, reputation: 30_000, llm: 15 * 60_000 } as const;

/** Asks on behalf of a thread. Never throws, never takes longer than the limit: a lookup that fails is "unavailable". */
export async function answerLookup(lookup: Lookup, question: Question): Promise<LookupAnswer<unknown>> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<LookupAnswer<unknown>>((resolve) => {
    const limitMs = LOOKUP_LIMIT_MS[question.about];
    timer = setTimeout(() => resolve({ unavailable: `no answer within ${limitMs} ms` }), limitMs);
    timer.unref();
  });
  try {
    return await Promise.race([ask(lookup, question), late]);
  } catch (error) {
    return { unavailable: error instanceof Error ? error.message : String(error) };
  } finally {
    clearTimeout(timer);
  }
}

function ask(lookup: Lookup, question: Question): Promise<LookupAnswer<unknown>> {
  switch (question.about) {
    case 'dns':
      return lookup.dns(question.name, question.type);
    case 'reputation':
      return lookup.reputation(question.indicator);
    case 'llm':
      return lookup.llm(question.question);
  }
}
