import type { Store, TenantId } from '../../store/store.js';

/** Wakes whoever watches a mailbox when something about it changed, in whichever process. */
export interface MailboxEvents {
  /** Resolves with the next change, or when the signal aborts. */
  next(tenant: TenantId, mailboxId: string, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** One connection that listens, opened when somebody first watches. */
export function createMailboxEvents(store: Store): MailboxEvents {
  const waiting = new Map<string, Set<() => void>>();
  let listening: Promise<() => Promise<void>> | null = null;
  const key = (tenant: TenantId, mailboxId: string): string => `${tenant} ${mailboxId}`;

  function listen(): Promise<unknown> {
    listening ??= store
      .onMailboxChange((tenant, mailboxId) => {
        for (const wake of waiting.get(key(tenant, mailboxId)) ?? []) wake();
      })
      .catch((error: unknown) => {
        listening = null;
        throw error;
      });
    return listening;
  }

  return {
    async next(tenant, mailboxId, signal) {
      await listen();
      if (signal.aborted) return;
      const name = key(tenant, mailboxId);
      await new Promise<void>((resolve) => {
        const wakes = waiting.get(name) ?? new Set();
        waiting.set(name, wakes);
        const wake = (): void => {
          wakes.delete(wake);
          if (wakes.size === 0) waiting.delete(name);
          signal.removeEventListener('abort', wake);
          resolve();
        };
        wakes.add(wake);
        signal.addEventListener('abort', wake, { once: true });
      });
    },
    async close() {
      for (const wakes of waiting.values()) for (const wake of wakes) wake();
      await (
        await listening?.catch(() => null)
      )?.();
    },
  };
}
