import type { Vault } from '../../crypto/vault.js';
import type { Log } from '../../log.js';
import { createGuardedClient } from '../../net/guarded-client.js';
import type { HttpClient } from '../../net/http-client.js';
import type { Store } from '../../store/store.js';
import { CircuitBreaker } from '../reputation/circuit-breaker.js';

/** What services that ask language models work with; built once. */
export interface Llm {
  readonly http: HttpClient;
  readonly secrets: Vault;
  readonly store: Store;
  readonly log: Log;
  /** Origins that the operator allows although they are inner ones. */
  readonly allowed: readonly string[];
  /** Ends what is under way. */
  readonly signal: AbortSignal;
  /** One for each connection and model of a tenant; a change of the settings begins anew. */
  breaker(name: string): CircuitBreaker;
  close(): Promise<void>;
}

/** A letter is short, but a small machine reads it slowly; once an answer has begun, it goes on. */
const IDLE_MS = 30_000;
const MOST_BREAKERS = 2000;
const LIMITS = { maxBytes: 2 * 1024 * 1024, connections: 32 };

export function openLlm(parts: {
  readonly store: Store;
  readonly secrets: Vault;
  readonly log: Log;
  readonly endpoints: readonly string[];
  /** For one request, from the first byte to the last. */
  readonly timeoutMs: number;
  readonly now?: () => number;
}): Llm {
  const { store, secrets, log, endpoints, timeoutMs, now = () => performance.now() } = parts;
  const limits = { ...LIMITS, timeoutMs, idleMs: Math.min(IDLE_MS, timeoutMs) };
  const http = createGuardedClient({ limits, allowed: endpoints });
  const stop = new AbortController();
  const breakers = new Map<string, CircuitBreaker>();

  return {
    ...{ http, secrets, store, log, signal: stop.signal },
    allowed: endpoints.map((origin) => new URL(origin).origin),
    breaker(name) {
      const known = breakers.get(name);
      const breaker =
        known ??
        new CircuitBreaker(now, (reason, pauseMs) =>
          log.warn({ reason, seconds: Math.round(pauseMs / 1000) }, 'a language model is left alone'),
        );
      // Set anew, so that the map's order is the order of last use.
      breakers.delete(name);
      breakers.set(name, breaker);
      if (breakers.size > MOST_BREAKERS) breakers.delete(breakers.keys().next().value ?? name);
      return breaker;
    },
    async close() {
      stop.abort(new Error('postern is stopping'));
      await http.close();
    },
  };
}
