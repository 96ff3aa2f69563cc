import type { Sql } from 'postgres';
import type { Log } from '../log.js';
import { isConnectionFault } from './connect.js';

/** So many minutes apart, counted from midnight UTC; `past` of them later. */
export interface Rhythm {
  readonly minutes: number;
  readonly past?: number;
}

interface Regular {
  readonly name: string;
  readonly every?: Rhythm;
}

const LOOK_MS = 10_000;

/**
 * Keeps the next turn of each regular task in the queue, by the clock of the database alone. The library's own crontab goes by the
 * clock of this machine and remembers in the database how far it came: a clock that was once a day ahead would stop it everywhere for
 * that day.
 */
export function keepSchedule(sql: Sql, tasks: readonly Regular[], log: Log, everyMs = LOOK_MS) {
  const turns = tasks.flatMap(({ name, every }) =>
    every === undefined ? [] : [{ task: name, every: every.minutes * 60, past: (every.past ?? 0) * 60 }],
  );

  async function look(): Promise<void> {
    try {
      // One that is due or is being done stays, and one that failed and waits until before the next turn. One that is further away was
      // put there by a wrong clock, or failed often; one that has used up its attempts would never be done: they begin anew.
      await sql`
        with turns as (
          select task, to_timestamp((floor((extract(epoch from now()) - past) / every) + 1) * every + past) as next
          from jsonb_to_recordset(${sql.json(turns)}) as t (task text, every int, past int))
        select graphile_worker.add_job(task, run_at => next, job_key => 'every:' || task) from turns
        where not exists (select from graphile_worker._private_jobs j where j.key = 'every:' || task and j.run_at <= next
          and (j.locked_at is not null or j.attempts < j.max_attempts))`;
    } catch (error) {
      const level = isConnectionFault(error) ? 'debug' : 'warn';
      log[level]({ err: error }, 'the next turns of regular work will be queued later');
    }
  }

  let running = look();
  const timer = setInterval(() => {
    running = running.then(look);
  }, everyMs);
  timer.unref();
  return {
    async stop(): Promise<void> {
      clearInterval(timer);
      await running;
    },
  };
}
