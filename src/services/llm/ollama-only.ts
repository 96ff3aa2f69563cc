import { createOllama } from '../../intel/llm/ollama.js';
import { LlmFault } from '../../intel/llm/provider.js';
import { createHttpClient } from '../../net/http-client.js';
import type { Lookup } from '../../scanners/scanner.js';
import { OFFLINE } from '../scanning/lookup-port.js';

/** On a machine without a graphics card a letter takes its time. */
const TIMEOUT_MS = 5 * 60_000;

/**
 * A model on a machine of one's own, for whoever has no database and asks for it by name: no tenant, no quota, no second choice. The
 * address is the one on the command line, so it may be anywhere.
 */
export function openOllamaOnly(options: {
  readonly endpoint: string;
  readonly model: string;
  /** What else may be asked. */
  readonly base: Lookup | null;
}): { readonly lookup: Lookup; close(): Promise<void> } {
  const { endpoint, model, base } = options;
  const http = createHttpClient({ timeoutMs: TIMEOUT_MS, maxBytes: 2 * 1024 * 1024, connections: 1 });
  const ollama = createOllama({ http, key: null, endpoint });
  const stop = new AbortController();
  const llm: Lookup['llm'] = async ({ depth, ...question }) => {
    if (depth === 'deep') return { unavailable: 'no model for a thorough reading is configured', off: true };
    try {
      const { json, model: by } = await ollama.complete({ ...question, model, signal: stop.signal });
      return { answer: { json, by: `${by} at Ollama` } };
    } catch (error) {
      if (error instanceof LlmFault) return { unavailable: `Ollama: ${error.message}` };
      throw error;
    }
  };
  return {
    lookup: { ...(base ?? OFFLINE), llm, llmOff: undefined },
    async close() {
      stop.abort(new Error('postern is stopping'));
      await http.close();
    },
  };
}
