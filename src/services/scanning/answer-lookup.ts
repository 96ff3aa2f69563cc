import type { Lookup, LookupAnswer } from '../../scanners/scanner.js';
import type { Question } from './protocol.js';

/** No lookup keeps a message waiting longer, whatever its own time limits are. */
const LOOKUP_LIMIT_MS = 30_000;

/** Asks on behalf of a thread. Never throws, never takes longer than the limit: a lookup that fails is "unavailable". */
export async function answerLookup(lookup: Lookup, question: Question): Promise<LookupAnswer<unknown>> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<LookupAnswer<unknown>>((resolve) => {
    timer = setTimeout(() => resolve({ unavailable: `no answer within ${LOOKUP_LIMIT_MS} ms` }), LOOKUP_LIMIT_MS);
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
      return lookup.llm(question.prompt);
  }
}
