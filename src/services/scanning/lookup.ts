import type { Resolver } from '../../net/resolver.js';
import type { Lookup, LookupAnswer } from '../../scanners/scanner.js';
import type { Reputation } from '../reputation/reputation.js';
import { OFFLINE } from './lookup-port.js';

/** What the layers may ask of the world outside; whatever is not given answers that it is off. */
export function createLookup(parts: {
  readonly reputation: Reputation | null;
  readonly resolver: Resolver | null;
}): Lookup {
  const { reputation, resolver } = parts;
  return {
    ...OFFLINE,
    ...(reputation === null ? {} : { reputation: (indicator) => reputation.lookup(indicator) }),
    ...(resolver === null ? {} : { dns: (name, type) => askDns(resolver, name, type) }),
  };
}

async function askDns(
  resolver: Resolver,
  name: string,
  type: string,
): Promise<LookupAnswer<readonly (string | readonly string[])[]>> {
  const answer = await resolver.resolve(name, type);
  return 'records' in answer ? { answer: answer.records } : answer;
}
