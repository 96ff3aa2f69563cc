import { PosternError } from '../../errors.js';
import type { Job } from './job.js';

export interface QueueCapacity {
  readonly messages: number;
  readonly bytes: number;
}

/** First come, first served, within bounds of number and bytes. */
export class JobQueue {
  readonly #capacity: QueueCapacity;
  #jobs: Job[] = [];
  #bytes = 0;

  constructor(capacity: QueueCapacity) {
    this.#capacity = capacity;
  }

  get length(): number {
    return this.#jobs.length;
  }

  get first(): Job | undefined {
    return this.#jobs[0];
  }

  /** Throws `scan.queue-full` when the job does not fit; a single one always does. */
  push(job: Job): void {
    const { messages, bytes } = this.#capacity;
    const full = this.#jobs.length >= messages || this.#bytes + job.size > bytes;
    if (full && this.#jobs.length > 0) {
      throw new PosternError('scan.queue-full', 'Too many messages are waiting to be scanned; try again shortly.', {
        details: { queued: this.#jobs.length },
      });
    }
    this.#jobs.push(job);
    this.#bytes += job.size;
  }

  shift(): Job | undefined {
    const job = this.#jobs.shift();
    if (job !== undefined) this.#bytes -= job.size;
    return job;
  }

  /** Puts back what was taken already: it has waited its time and is never refused. */
  unshift(jobs: readonly Job[]): void {
    this.#jobs = [...jobs, ...this.#jobs];
    for (const job of jobs) this.#bytes += job.size;
  }

  /** False when the job is not waiting here. */
  remove(job: Job): boolean {
    const index = this.#jobs.indexOf(job);
    if (index === -1) return false;
    this.#jobs.splice(index, 1);
    this.#bytes -= job.size;
    return true;
  }
}
