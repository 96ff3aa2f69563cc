import type { Lookup } from '../../scanners/scanner.js';
import type { Reputation } from '../reputation/reputation.js';
import { OFFLINE } from './lookup-port.js';

/** What the layers may ask of the world outside; whatever is not given answers that it is off. */
export function createLookup({ reputation }: { readonly reputation: Reputation }): Lookup {
  return { ...OFFLINE, reputation: (indicator) => reputation.lookup(indicator) };
}
