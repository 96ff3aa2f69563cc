import type { PipelineContext } from '../../src/scanners/pipeline.js';
import type { Lookup, LookupAnswer, SenderHistory, TenantProfile } from '../../src/scanners/scanner.js';

export const NO_TENANT: TenantProfile = {
  domains: [],
  people: [],
  trustedAuthservIds: [],
  allow: [],
  block: [],
  weights: {},
};

/** What the command line knows of the world: nothing. */
export const OFFLINE: Lookup = {
  dns: unavailable,
  reputation: unavailable,
  llm: () => Promise.resolve({ unavailable: 'no language model is configured', off: true }),
};

export function offlineContext(known: {
  readonly tenant?: Partial<TenantProfile>;
  readonly sender?: SenderHistory;
  readonly raw?: Uint8Array | null;
  readonly lookup?: Lookup;
}): PipelineContext {
  return {
    tenant: { ...NO_TENANT, ...known.tenant },
    sender: known.sender ?? { messages: null, firstSeen: null },
    now: new Date('2026-06-01T00:00:00Z'),
    raw: known.raw ?? null,
    lookup: known.lookup ?? OFFLINE,
    signal: new AbortController().signal,
  };
}

async function unavailable(): Promise<LookupAnswer<never>> {
  return Promise.resolve({ unavailable: 'no reputation provider is configured', off: true });
}
