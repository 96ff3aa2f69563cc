import type { PipelineContext } from '../../src/scanners/pipeline.js';

const nowhere = { unavailable: 'measured without a network', off: true } as const;

/** The context messages are measured in: offline, no tenant's knowledge, the receiving server's own results believed. */
export function offlineContext(): PipelineContext {
  return {
    tenant: {
      domains: [],
      people: [],
      trustedAuthservIds: ['mx.corp.example'],
      allow: [],
      block: [],
      weights: {},
    },
    sender: { messages: null, firstSeen: null },
    now: new Date('2026-06-01T00:00:00Z'),
    raw: null,
    lookup: {
      dns: async () => Promise.resolve(nowhere),
      reputation: async () => Promise.resolve(nowhere),
      llm: async () => Promise.resolve(nowhere),
      llmOff: 'offline',
    },
    signal: new AbortController().signal,
  };
}
