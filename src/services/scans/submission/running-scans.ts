import { PosternError } from '../../../errors.js';
import type { LayerReport } from '../../../scanners/verdict.js';
import type { TenantId, UserId } from '../../../store/store.js';
import type { StoredScan } from '../stored-scan.js';

export type ScanEvent =
  | { readonly event: 'queued'; readonly data: { readonly id: string } }
  | { readonly event: 'layer'; readonly data: LayerReport }
  | { readonly event: 'result'; readonly data: StoredScan }
  | { readonly event: 'problem'; readonly data: PosternError };

/** How long the end of a scan can be asked for here; a result is in the store besides, a refusal nowhere else. */
const KEPT_MS = 5 * 60_000;

/** One scan that was answered before it was done, with everything that has happened so far for those who come late. */
export class RunningScan {
  readonly #events: ScanEvent[];
  readonly #wake = new Set<() => void>();
  #done = false;

  constructor(
    readonly id: string,
    readonly tenantId: TenantId,
    readonly ownerId: UserId,
  ) {
    this.#events = [{ event: 'queued', data: { id } }];
  }

  get started(): boolean {
    return this.#events.length > 1;
  }

  /** How many wait for news of it. */
  get followers(): number {
    return this.#wake.size;
  }

  /** Null while it runs. */
  get outcome(): Extract<ScanEvent, { event: 'result' | 'problem' }> | null {
    const last = this.#events.at(-1);
    return last?.event === 'result' || last?.event === 'problem' ? last : null;
  }

  tell(event: ScanEvent): void {
    this.#events.push(event);
    this.#done = this.outcome !== null;
    for (const wake of this.#wake) wake();
  }

  /** From the beginning to the outcome, or until the signal. */
  async *follow(signal: AbortSignal): AsyncGenerator<ScanEvent> {
    for (let next = 0; ; next += 1) {
      while (next >= this.#events.length) {
        if (this.#done || signal.aborted) return;
        await this.#news(signal);
      }
      const event = this.#events[next];
      if (event === undefined || signal.aborted) return;
      yield event;
    }
  }

  async #news(signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        this.#wake.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      this.#wake.add(wake);
      signal.addEventListener('abort', wake);
    });
  }
}

/** The scans of this process that were answered before they were done. */
export class RunningScans {
  readonly #scans = new Map<string, RunningScan>();
  readonly #work = new Set<Promise<void>>();

  /** Runs `work` and tells its outcome to whoever follows. */
  start(scan: RunningScan, work: Promise<StoredScan>): void {
    this.#scans.set(scan.id, scan);
    const ended = work
      .then(
        (data) => scan.tell({ event: 'result', data }),
        (thrown: unknown) => scan.tell({ event: 'problem', data: asRefusal(thrown) }),
      )
      .finally(() => {
        this.#work.delete(ended);
        setTimeout(() => this.#scans.delete(scan.id), KEPT_MS).unref();
      });
    this.#work.add(ended);
  }

  /** Null for anybody but its owner. */
  find(id: string, identity: { readonly tenantId: TenantId; readonly userId: UserId }): RunningScan | null {
    const scan = this.#scans.get(id);
    return scan?.tenantId === identity.tenantId && scan.ownerId === identity.userId ? scan : null;
  }

  /** Resolves when all that run now have ended. */
  async settle(): Promise<void> {
    await Promise.all(this.#work);
  }
}

function asRefusal(thrown: unknown): PosternError {
  if (thrown instanceof PosternError) return thrown;
  return new PosternError('internal', 'Something broke here. The log says more.', { cause: thrown });
}
