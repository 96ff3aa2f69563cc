import { parse } from 'tldts';
import { detached } from '../detached.js';

const MAX_KNOWN = 10_000;
const known = new Map<string, boolean>();

/** Whether a label is a top-level domain of the public suffix list. */
export function isSuffix(label: string): boolean {
  const earlier = known.get(label);
  if (earlier !== undefined) return earlier;
  const answer =
    parse(`x.${label.toLowerCase()}`, { extractHostname: false, validateHostname: false }).isIcann === true;
  if (known.size >= MAX_KNOWN) known.clear();
  known.set(detached(label), answer);
  return answer;
}
