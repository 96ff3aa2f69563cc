import type { Resolver } from '../../net/resolver.js';
import type { Lookup, LookupAnswer } from '../../scanners/scanner.js';
import type { Reputation } from '../reputation/reputation.js';
import { OFFLINE } from './lookup-port.js';

interface Outside {
  readonly reputation?: Reputation | null;
  readonly resolver?: Resolver | null;
}

/** What the layers may ask of the world outside; whatever is not given answers that it is off. */
export function createLookup({ reputation = null, resolver = null }: Outside): Lookup {
  return {
    ...OFFLINE,
    ...(reputation === null ? {} : { reputation: (indicator) => reputation.lookup(indicator) }),
    ...(resolver === null ? {} : { dns: (name, type) => ask(resolver, name, type) }),
  };
}

async function ask(
  resolver: Resolver,
  name: string,
  type: string,
): Promise<LookupAnswer<readonly (string | readonly string[])[]>> {
  try {
    return { answer: await resolver.resolve(name, type) };
  } catch (error) {
    const { code = 'no answer' } = error as NodeJS.ErrnoException;
    return { unavailable: `the name servers did not answer (${code})` };
  }
}
