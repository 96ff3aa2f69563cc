import { Worker } from 'node:worker_threads';
import { PosternError } from '../../errors.js';
import type { TenantProfile } from '../../scanners/scanner.js';
import { answerLookup } from './answer-lookup.js';
import { createCpuClock } from './cpu-clock.js';
import type { CpuClock } from './cpu-clock.js';
import type { Job } from './job.js';
import { toResult, toThread } from './job.js';
import type { FromThread, ThreadSetting } from './protocol.js';

export interface ThreadLimits {
  /** Processor time a message may use. */
  readonly cpuMs: number;
  /** Time a message may be at work without waiting for a lookup: catches what hangs without computing. */
  readonly workMs: number;
  /** Heap of the thread. */
  readonly heapMb: number;
}

/** Why a thread is gone, with the jobs it had. */
export interface ThreadLoss {
  /** In plain words, to complete "the scan was stopped: it …". */
  readonly reason: string;
  /** The same with what only the operator may read. */
  readonly detail: string;
  /** Were at work: one of them is the culprit. */
  readonly suspects: readonly Job[];
  /** Had not begun. */
  readonly innocent: readonly Job[];
  /** False when the thread never came up. */
  readonly started: boolean;
}

export interface ThreadEvents {
  onReady(): void;
  /** A place may have become free. */
  onProgress(): void;
  /** postern could not work on the message, though the thread lives. */
  onFailure(job: Job, reason: string): void;
  onLoss(loss: ThreadLoss): void;
}

/** What a message leaves behind dies with it: the more of it fits, the less is copied before it is dead. */
const YOUNG_MB = 96;
/** Waiting for lookups keeps no thread busy, so it may hold several messages, as long as at most one of them computes. */
const MAX_HELD = 16;

/** One worker thread and the jobs it holds. */
export class ScanThread {
  readonly #worker: Worker;
  /** In the order in which it got them. A map with so much coming and going keeps old jobs alive, through the tables it has outgrown. */
  #jobs: Job[] = [];
  readonly #begun = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  /** Of the order before. */
  #profile: TenantProfile | null = null;
  #cpu: CpuClock = () => 0;
  #cpuSeen = 0;
  #started = false;
  #over = false;
  /** Something was taken back from it, and lies there until it has time: nothing more is put beside that. */
  #hasLeft = false;
  /** Messages it has taken. */
  taken = 0;

  constructor(
    entry: URL,
    private readonly limits: ThreadLimits,
    private readonly events: ThreadEvents,
  ) {
    const setting: ThreadSetting = { begun: this.#begun.buffer };
    this.#worker = new Worker(entry, {
      workerData: setting,
      resourceLimits: { maxOldGenerationSizeMb: limits.heapMb, maxYoungGenerationSizeMb: YOUNG_MB },
      // The product's own flags and environment are of no use to a thread that only computes.
      execArgv: [],
      env: {},
      name: 'scan',
    });
    this.#worker.unref();
    this.#worker.on('message', (message: FromThread) => this.#hear(message));
    this.#worker.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ERR_WORKER_OUT_OF_MEMORY'
        ? this.#lose(`needed more than ${this.limits.heapMb} MB of memory`)
        : this.#lose('crashed its thread', error.stack ?? error.message),
    );
    this.#worker.on('exit', (code) => this.#lose('ended its thread', `a scan thread exited with code ${code}`));
  }

  get idle(): boolean {
    return this.#jobs.length === 0;
  }

  get held(): number {
    return this.#jobs.length;
  }

  /** Whether one of its messages is at work, and not waiting for a lookup. */
  get computing(): boolean {
    return this.#computing > 0;
  }

  /** Whether another message would start at once. */
  get free(): boolean {
    return this.#computing === 0 && this.#mayHoldMore;
  }

  /** Whether it can be given a message ahead: with what is next at hand it need not wait until the main thread has time for it. */
  get handFree(): boolean {
    return this.#started && !this.#hasLeft && this.#computing === 1 && this.#mayHoldMore;
  }

  /** What it was given ahead and has not begun with. */
  get inHand(): Job | undefined {
    const last = this.#jobs.at(-1);
    return last !== undefined && this.#computing > 1 && !this.#hasBegun(last) ? last : undefined;
  }

  get #computing(): number {
    let sum = 0;
    for (const job of this.#jobs) if (job.waiting === 0) sum += 1;
    return sum;
  }

  get #mayHoldMore(): boolean {
    if (this.#jobs.length >= MAX_HELD) return false;
    for (const job of this.#jobs) if (job.alone) return false;
    return true;
  }

  take(job: Job): void {
    if (this.idle) this.#worker.ref();
    this.taken += 1;
    job.turn = this.taken;
    this.#jobs.push(job);
    const { order, transfer } = toThread(job, this.#profile);
    this.#worker.postMessage(order, transfer);
    this.#profile = job.request.tenant;
  }

  /** What it has in hand, for another thread. False when it has just begun with it. */
  takeBack(job: Job): boolean {
    if (Atomics.compareExchange(this.#begun, 0, job.turn - 1, job.turn) !== job.turn - 1) return false;
    this.#jobs = this.#jobs.filter((held) => held !== job);
    this.#hasLeft = true;
    return true;
  }

  /** Asks the job to stop; its promise has been settled by the caller. False when this thread does not hold it. */
  cancel(job: Job): boolean {
    if (!this.#jobs.includes(job)) return false;
    if (job === this.inHand && this.takeBack(job)) return true;
    this.#worker.postMessage({ kind: 'cancel', job: job.id });
    return true;
  }

  /** Charges the time since the last call to the jobs at work and ends the thread when one of them is over its limit. */
  watch(elapsedMs: number): void {
    if (!this.#started) return;
    const cpu = this.#cpu();
    const used = cpu - this.#cpuSeen;
    this.#cpuSeen = cpu;
    for (const job of this.#jobs) {
      if (job.waiting > 0 || !this.#hasBegun(job)) continue;
      job.cpuMs += used;
      job.workMs += elapsedMs;
      if (job.cpuMs > this.limits.cpuMs) this.#lose(`computed for more than ${seconds(this.limits.cpuMs)}`);
      else if (job.workMs > this.limits.workMs) this.#lose(`made no end within ${seconds(this.limits.workMs)}`);
      if (this.#over) return;
    }
  }

  /** Ends the thread; what it holds is not reported as lost. */
  async end(): Promise<readonly Job[]> {
    this.#over = true;
    const held = this.#jobs;
    this.#jobs = [];
    await this.#worker.terminate();
    return held;
  }

  #hear(message: FromThread): void {
    if (this.#over) return;
    if (message.kind === 'ready') {
      this.#cpu = createCpuClock(this.#worker, message.osThread);
      this.#cpuSeen = this.#cpu();
      this.#started = true;
      this.events.onReady();
      return;
    }
    const job = this.#jobs.find(({ id }) => id === message.job);
    if (job === undefined) return;
    switch (message.kind) {
      case 'layer':
        job.request.onLayer?.(message.report);
        return;
      case 'lookup':
        void this.#lookUp(job, message);
        return;
      case 'done':
        job.resolve(toResult(job.request, message.outcome));
        break;
      case 'refused':
        job.reject(
          new PosternError(message.refusal.code, message.refusal.message, { details: message.refusal.details }),
        );
        break;
      case 'failed':
        this.events.onFailure(job, message.reason);
        break;
    }
    this.#release(job);
  }

  async #lookUp(job: Job, { lookup, question }: Extract<FromThread, { kind: 'lookup' }>): Promise<void> {
    job.waiting += 1;
    if (job.waiting === 1) this.events.onProgress();
    const answer =
      job.request.lookup === undefined ? { unavailable: 'offline' } : await answerLookup(job.request.lookup, question);
    if (this.#over) return;
    job.waiting -= 1;
    this.#worker.postMessage({ kind: 'answer', lookup, answer });
  }

  /** The thread begins with what it is given in the order in which it is given. */
  #hasBegun(job: Job): boolean {
    return job.turn <= Atomics.load(this.#begun, 0);
  }

  #release(job: Job): void {
    this.#hasLeft = false;
    this.#jobs = this.#jobs.filter((held) => held !== job);
    if (this.idle) this.#worker.unref();
    this.events.onProgress();
  }

  #lose(reason: string, detail = `a message ${reason}`): void {
    if (this.#over) return;
    this.#over = true;
    void this.#worker.terminate();
    const held = [...this.#jobs];
    this.events.onLoss({
      reason,
      detail,
      suspects: held.filter((job) => this.#hasBegun(job)),
      innocent: held.filter((job) => !this.#hasBegun(job)),
      started: this.#started,
    });
  }
}

function seconds(milliseconds: number): string {
  return `${milliseconds / 1000} s`;
}
