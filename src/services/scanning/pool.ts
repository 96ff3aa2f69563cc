import { availableParallelism } from 'node:os';
import { PosternError } from '../../errors.js';
import { JobQueue } from './job-queue.js';
import type { QueueCapacity } from './job-queue.js';
import type { Job, RescanRequest, ScanRequest, ScanResult } from './job.js';
import { ScanThread } from './scan-thread.js';
import type { ThreadLimits, ThreadLoss } from './scan-thread.js';
import { unfinished } from './unfinished.js';

export type { RescanRequest, ScanRequest, ScanResult } from './job.js';

/** Scans messages on all cores. A message that kills or outruns its thread is `incomplete` and harms no other. */
export interface ScanPool {
  /**
   * Reads and judges one message. Rejects with PosternError `message.empty`, `message.not-a-message`, `message.too-large` for
   * what is no message, `scan.queue-full` when too much waits already, or the signal's reason; never because a scan failed.
   */
  scan(request: ScanRequest): Promise<ScanResult>;
  /** Judges a message again that an earlier scan read. */
  rescan(request: RescanRequest): Promise<ScanResult>;
  /** Messages waiting, and messages in the threads. */
  readonly load: { readonly queued: number; readonly running: number };
  /** Takes nothing new, lets what it has finish for at most `graceMs`, ends the threads. */
  close(graceMs?: number): Promise<void>;
}

export interface ScanPoolOptions {
  /** Default: one a core. */
  readonly threads?: number;
  /** So many of them at work suffice, each with one message at hand, until more wait or one has waited too long. Default: all. */
  readonly busy?: number;
  readonly limits?: Partial<ThreadLimits>;
  readonly queue?: Partial<QueueCapacity>;
  /** A thread is replaced after so many messages, so that no leak of a library lives long. */
  readonly renewAfter?: number;
  /** Told when postern itself failed on a message; the reason is for the operator only. */
  readonly onFault?: (fault: { readonly reason: string; readonly size: number }) => void;
  /** Milliseconds of a clock that is never set back, by which work is measured; computing has the processor's. */
  readonly now?: () => number;
  /** What the threads run; tests bring their own. */
  readonly entry?: URL;
}

const LIMITS: ThreadLimits = { cpuMs: 10_000, workMs: 60_000, heapMb: 768 };
const QUEUE: QueueCapacity = { messages: 1000, bytes: 512 * 1024 * 1024 };
/** From here on a message has a thread to itself: two of them could need more memory than a thread has. */
const LARGE_BYTES = 8 * 1024 * 1024;
const WATCH_MS = 50;
/** No message waits longer than this while a thread has nothing to do. */
const PATIENCE_MS = 50;
/** A stopped or sleeping computer is no reason to give up a message. */
const MOST_ELAPSED_MS = 1000;
/** Threads that die before they are ready, in a row: postern is broken, and trying again would not end. */
const MOST_FAILED_STARTS = 3;

/** Starts the threads; idle ones do not keep the program running. */
export function createScanPool(options: ScanPoolOptions = {}): ScanPool {
  const size = options.threads ?? availableParallelism();
  const most = options.busy ?? size;
  const limits = { ...LIMITS, ...options.limits };
  const queue = new JobQueue({ ...QUEUE, ...options.queue });
  const renewAfter = options.renewAfter ?? 100_000;
  const clock = options.now ?? (() => performance.now());
  const entry = options.entry ?? new URL('./worker.js', import.meta.url);
  const threads = new Set<ScanThread>();
  let lastId = 0;
  let failedStarts = 0;
  let watching: NodeJS.Timeout | undefined;
  let closing: { readonly drained: () => void } | undefined;

  while (threads.size < size) start();

  return {
    scan: (request) => accept(request, request.raw.byteLength),
    rescan: (request) => accept(request, request.message.size),
    get load() {
      return { queued: queue.length, running: running() };
    },
    close,
  };

  async function accept(request: ScanRequest | RescanRequest, bytes: number): Promise<ScanResult> {
    const { signal } = request;
    signal?.throwIfAborted();
    if (closing !== undefined) throw stopping();
    const { promise, resolve, reject } = withResolvers<ScanResult>();
    lastId += 1;
    const alone = bytes >= LARGE_BYTES;
    const job: Job = {
      id: lastId,
      request,
      size: bytes,
      since: clock(),
      alone,
      cpuMs: 0,
      workMs: 0,
      waiting: 0,
      turn: 0,
      resolve,
      reject,
    };
    queue.push(job);
    const abort = (): void => cancel(job, signal?.reason);
    signal?.addEventListener('abort', abort, { once: true });
    dispatch();
    try {
      return await promise;
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }

  function cancel(job: Job, reason: unknown): void {
    job.reject(reason);
    if (queue.remove(job)) return;
    for (const thread of threads) if (thread.cancel(job)) return;
  }

  /** `moved`: the thread that has just ended something, or begun to wait. */
  function dispatch(moved?: ScanThread): void {
    relieve(moved);
    for (let job = queue.first; job !== undefined; job = queue.first) {
      const thread = placeFor(job);
      if (thread === undefined) break;
      queue.shift();
      thread.take(job);
    }
    const busy = running() > 0;
    if (busy) watching ??= watch();
    if (!busy) stopWatching();
    if (!busy && queue.length === 0) closing?.drained();
  }

  /**
   * Gives what waits in the hand of a thread to another that has nothing to do, when that is better; and what has waited too long to one that
   * moves, before what came later.
   */
  function relieve(moved: ScanThread | undefined): void {
    for (const thread of threads) {
      const job = thread.inHand;
      if (job === undefined) continue;
      const late = hasWaited(job);
      if (!late && (queue.length > 0 || computing() >= most)) continue;
      const next = late && moved?.handFree === true && moved.taken < renewAfter ? moved : undefined;
      const other = free() ?? next;
      if (other !== undefined && thread.takeBack(job)) other.take(job);
    }
  }

  function placeFor(job: Job): ScanThread | undefined {
    const suffices = computing() >= most && !hasWaited(job);
    return (suffices ? handFor(job) : undefined) ?? threadFor(job) ?? handFor(job);
  }

  function threadFor(job: Job): ScanThread | undefined {
    for (const thread of threads) if (thread.idle && thread.taken < renewAfter) return thread;
    if (threads.size < size && (failedStarts < MOST_FAILED_STARTS || threads.size === 0)) return start();
    return job.alone ? undefined : free();
  }

  function free(): ScanThread | undefined {
    for (const thread of threads) if (thread.idle && thread.taken < renewAfter) return thread;
    for (const thread of threads) if (thread.free && thread.taken < renewAfter) return thread;
    return undefined;
  }

  function handFor(job: Job): ScanThread | undefined {
    if (job.alone) return undefined;
    for (const thread of threads) if (thread.handFree && thread.taken < renewAfter) return thread;
    return undefined;
  }

  function hasWaited(job: Job): boolean {
    return clock() - job.since >= PATIENCE_MS;
  }

  function computing(): number {
    let sum = 0;
    for (const thread of threads) if (thread.computing) sum += 1;
    return sum;
  }

  function start(): ScanThread {
    const thread: ScanThread = new ScanThread(entry, limits, {
      onReady: () => (failedStarts = 0),
      onProgress: () => {
        if (thread.idle && thread.taken >= renewAfter) renew(thread);
        dispatch(thread);
      },
      onFailure: (job, reason) => {
        if (job.request.signal?.aborted === true) return;
        giveUp(job, 'an error in postern stopped the scan', reason);
      },
      onLoss: (loss) => replace(thread, loss),
    });
    threads.add(thread);
    return thread;
  }

  function renew(thread: ScanThread): void {
    threads.delete(thread);
    void thread.end();
    start();
  }

  function replace(thread: ScanThread, { reason, detail, suspects, innocent, started }: ThreadLoss): void {
    threads.delete(thread);
    if (!started) failedStarts += 1;
    // Who died alone is the culprit. Of several one was it: each shows by itself whether it was the one.
    const [culprit, ...others] = suspects;
    if (culprit !== undefined && others.length === 0) giveUp(culprit, `the scan was stopped: it ${reason}`, detail);
    const again = culprit !== undefined && others.length === 0 ? [] : suspects;
    for (const job of again) job.alone = true;
    for (const job of [...again, ...innocent]) Object.assign(job, { cpuMs: 0, workMs: 0, waiting: 0 });
    queue.unshift([...again, ...innocent]);
    if (failedStarts < MOST_FAILED_STARTS) start();
    else if (threads.size === 0)
      refuseAll(new PosternError('internal', 'The scan threads do not start.', { cause: new Error(detail) }));
    dispatch();
  }

  function giveUp(job: Job, reason: string, detail: string): void {
    options.onFault?.({ reason: detail, size: job.size });
    try {
      job.resolve(unfinished(job.request, reason, job.workMs));
    } catch (error) {
      job.reject(error);
    }
  }

  function refuseAll(error: PosternError): void {
    for (let job = queue.shift(); job !== undefined; job = queue.shift()) job.reject(error);
  }

  function running(): number {
    let sum = 0;
    for (const thread of threads) sum += thread.held;
    return sum;
  }

  function watch(): NodeJS.Timeout {
    let last = clock();
    const timer = setInterval(() => {
      const now = clock();
      for (const thread of threads) thread.watch(Math.min(now - last, MOST_ELAPSED_MS));
      last = now;
      dispatch();
    }, WATCH_MS);
    return timer.unref();
  }

  function stopWatching(): void {
    clearInterval(watching);
    watching = undefined;
  }

  async function close(graceMs = 10_000): Promise<void> {
    const { promise, resolve } = withResolvers<undefined>();
    closing = { drained: () => resolve(undefined) };
    const grace = setTimeout(() => resolve(undefined), graceMs);
    dispatch();
    await promise;
    clearTimeout(grace);
    refuseAll(stopping());
    const held = await Promise.all([...threads].map((thread) => thread.end()));
    for (const job of held.flat()) job.reject(stopping());
    threads.clear();
    stopWatching();
  }
}

function stopping(): PosternError {
  return new PosternError('scan.queue-full', 'postern is stopping; try again shortly.');
}

/** Promise.withResolvers, which Node.js 20 does not have. */
function withResolvers<T>(): {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (reason: unknown) => void;
} {
  let resolve!: (value: T) => void;
  let reject!: (reason: unknown) => void;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
