import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Logger, makeWorkerUtils, run } from 'graphile-worker';
import type { Runner, TaskList, WorkerEvents } from 'graphile-worker';
import type { Log } from '../log.js';
import { connect } from './connect.js';
import { watchLiveness } from './worker-liveness.js';
import { keepSchedule } from './worker-schedule.js';
import type { Rhythm } from './worker-schedule.js';

/** A kind of background work. It may run twice, and must cope. */
export interface Task {
  readonly name: string;
  /** For work that belongs to no tenant. */
  readonly every?: Rhythm;
  /** Once whenever a worker starts. */
  readonly atStart?: boolean;
  run(payload: unknown): Promise<void>;
}

export interface WorkerOptions {
  /** The queue belongs to the owner of the schema. */
  readonly ownerUrl: string;
  readonly tasks: readonly Task[];
  /** Jobs at once in this process. */
  readonly concurrency?: number;
  readonly log: Log;
}

export interface Worker {
  /** Finishes the jobs that run, takes no more, and closes its connections. */
  stop(): Promise<void>;
}

const RESTART_AFTER_MS = 1000;

/** Takes jobs from the queue until stopped. After losing the database it starts again by itself. */
export async function startWorker({ ownerUrl, tasks, concurrency = 4, log }: WorkerOptions): Promise<Worker> {
  const events: WorkerEvents = new EventEmitter();
  // After each loss it connects again; lost once more while it asks for types, that would be a rejection of nobody's.
  const sql = connect(ownerUrl, { max: 1, applicationName: 'postern worker', steady: true, fetchTypes: false });
  const liveness = watchLiveness(sql, log);
  events.on('pool:create', ({ workerPool }) => liveness.claim(workerPool.id));
  const taskList: TaskList = Object.fromEntries(
    tasks.map((task) => [task.name, (payload: unknown) => timed(task, payload, log)]),
  );
  const logger = quietLogger(log);
  const start = (): Promise<Runner> =>
    run({
      connectionString: ownerUrl,
      maxPoolSize: concurrency + 2,
      noHandleSignals: true,
      taskList,
      // Not the library's: without a list it would read a file named crontab in the working directory.
      parsedCronItems: [],
      events,
      logger,
      preset: {
        worker: {
          concurrentJobs: concurrency,
          pollInterval: 2000,
          localQueue: { size: concurrency * 4, ttl: 30_000 },
          // Batched, stopping waits until finished jobs are removed; one by one, the library closes its pool in between.
          completeJobBatchDelay: 0,
          failJobBatchDelay: 0,
        },
      },
    });

  let stopped = false;
  let runner = await start().catch(async (error: unknown) => {
    await liveness.stop();
    await sql.end({ timeout: 1 });
    throw error;
  });
  const schedule = keepSchedule(sql, tasks, log);
  const isStopped = (): boolean => stopped;
  const supervised = (async () => {
    while (!isStopped()) {
      await runner.promise.catch((error: unknown) => log.error({ err: error }, 'the job worker stopped'));
      while (!isStopped()) {
        await sleep(RESTART_AFTER_MS);
        const again = await start().catch(() => null);
        if (again === null) continue;
        runner = again;
        if (isStopped()) await runner.stop();
        break;
      }
    }
  })();

  async function stop(): Promise<void> {
    stopped = true;
    await runner.stop().catch(() => undefined);
    await supervised;
    await schedule.stop();
    await liveness.stop();
    await sql.end({ timeout: 1 });
  }
  try {
    await queueAtStart(ownerUrl, tasks, logger);
  } catch (error) {
    // Nobody has a handle to stop it with.
    await stop();
    throw error;
  }
  return { stop };
}

async function timed(task: Task, payload: unknown, log: Log): Promise<void> {
  const started = performance.now();
  try {
    await task.run(payload);
    log.debug({ job: task.name, milliseconds: Math.round(performance.now() - started) }, 'job done');
  } catch (error) {
    log.warn({ job: task.name, err: error }, 'job failed; it will be tried again');
    throw error;
  }
}

/** Under a key, so that ten workers starting at once leave one job. */
async function queueAtStart(ownerUrl: string, tasks: readonly Task[], logger: Logger): Promise<void> {
  const utils = await makeWorkerUtils({ connectionString: ownerUrl, logger });
  try {
    for (const { name, atStart } of tasks) {
      if (atStart === true) await utils.addJob(name, {}, { jobKey: `start:${name}` });
    }
  } finally {
    await utils.release();
  }
}

/** The library reports each job and each poll; ours are logged by `timed`. */
function quietLogger(log: Log): Logger {
  return new Logger(() => (level: string, message) => {
    if (level === 'error') log.warn({ from: 'graphile-worker' }, message);
  });
}
