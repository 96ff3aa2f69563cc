import type { Connector } from '../../src/connectors/connector.js';
import type { ConnectorFactory } from '../../src/services/mailboxes/providers.js';

/** How long somebody waited for the provider: overlapping waits count once. */
export class ProviderClock {
  waitedMs = 0;
  #waiting = 0;
  #since = 0;

  async time<T>(work: () => Promise<T>): Promise<T> {
    if (this.#waiting === 0) this.#since = performance.now();
    this.#waiting += 1;
    try {
      return await work();
    } finally {
      this.#waiting -= 1;
      if (this.#waiting === 0) this.waitedMs += performance.now() - this.#since;
    }
  }
}

/** The same connectors, with the clock running while they are asked something. */
export function timed(factory: ConnectorFactory, clock: ProviderClock): ConnectorFactory {
  return (account) => {
    const inner = factory(account);
    const outer: Connector = {
      ...inner,
      changes: (...args) => clock.time(() => inner.changes(...args)),
      list: (...args) => clock.time(() => inner.list(...args)),
      fetch: (...args) => clock.time(() => inner.fetch(...args)),
    };
    return outer;
  };
}
