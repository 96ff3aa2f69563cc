import type { Connector, MessageRef, RawMessage } from '../../../connectors/connector.js';

/** Asked for together: connectors make one request of it where the provider can. */
const TOGETHER = 16;
/** With fewer at hand, more are asked for. */
const LOW = 4;

export interface Fetching {
  readonly ref: MessageRef;
  readonly raw: Promise<RawMessage>;
}

/** Hands out messages in their order and fetches the next ones meanwhile, so that nobody waits for the provider's every answer. */
export function createFetchAhead(connector: Connector, refs: readonly MessageRef[], signal: AbortSignal) {
  const waiting = [...refs];
  const begun: Fetching[] = [];

  function begin(ref: MessageRef): Fetching {
    const raw = connector.fetch(ref, signal);
    // Whoever takes it still hears of it.
    raw.catch(() => undefined);
    return { ref, raw };
  }

  return {
    get left(): boolean {
      return begun.length + waiting.length > 0;
    },
    next(): Fetching | undefined {
      if (begun.length <= LOW) begun.push(...waiting.splice(0, TOGETHER).map(begin));
      return begun.shift();
    },
  };
}
