import type { SenderHistory } from '../../../scanners/scanner.js';
import type { Store, TenantId } from '../../../store/store.js';
import type { SenderMark } from '../../../store/tables/scans/sender-history.js';
import { NO_HISTORY, toHistory } from '../../scans/sender-history.js';
import { SYNC_ACTOR } from './actor.js';

/** What is known of senders. */
export interface Histories {
  of(mark: SenderMark | null): Promise<SenderHistory>;
}

interface Asked {
  readonly mark: SenderMark;
  readonly resolve: (history: SenderHistory) => void;
  readonly reject: (error: unknown) => void;
}

/** Who is asked about at the same time is looked up together: a transaction for each message would cost more than its lookup. */
export function createHistories(store: Pick<Store, 'withTenant'>, tenantId: TenantId): Histories {
  let waiting: Asked[] = [];
  let busy = false;

  async function lookUp(): Promise<void> {
    busy = true;
    while (waiting.length > 0) {
      const asked = waiting;
      waiting = [];
      try {
        const found = await store.withTenant(tenantId, SYNC_ACTOR, (db) =>
          db.senders.find(asked.map(({ mark }) => mark)),
        );
        for (const [position, { resolve }] of asked.entries()) resolve(toHistory(found[position] ?? null));
      } catch (error) {
        for (const { reject } of asked) reject(error);
      }
    }
    busy = false;
  }

  return {
    of(mark) {
      if (mark === null) return Promise.resolve(NO_HISTORY);
      return new Promise((resolve, reject) => {
        waiting.push({ mark, resolve, reject });
        if (!busy && waiting.length === 1) setImmediate(() => void lookUp());
      });
    },
  };
}
