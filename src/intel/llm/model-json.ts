import { LlmFault } from './provider.js';
import type { LlmUsage } from './provider.js';

/** Models that were not held to a schema like to put a fence around their JSON. */
const FENCED = /^\s*```(?:json)?\s*\n([^]*?)\n\s*```\s*$/;

/** What the model wrote, as JSON. Throws LlmFault `malformed`. */
export function modelJson(written: string, usage: LlmUsage): unknown {
  const bare = FENCED.exec(written)?.[1] ?? written;
  try {
    return JSON.parse(bare) as unknown;
  } catch {
    throw new LlmFault('malformed', 'the model wrote no valid JSON', { usage });
  }
}
