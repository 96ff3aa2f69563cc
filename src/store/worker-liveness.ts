import type { Sql } from 'postgres';
import type { Log } from '../log.js';

/** Arbitrary; the second half of the lock's key is a hash of the worker's id. */
const ALIVE = 7067;
const EVERY_MS = 5000;
/** A worker takes jobs a moment before it has its lock. */
const GRACE_SECONDS = 20;

/**
 * Proves that this process's workers live, and frees the jobs of those that do not. Proof is a lock on a session: it ends with
 * the process, however that ends, and needs no clock. Without this a killed worker's jobs stay taken for four hours. `sql` must have a
 * single connection, which it keeps.
 */
export function watchLiveness(sql: Sql, log: Log, everyMs = EVERY_MS) {
  const workers = new Set<string>();
  let running: Promise<void> = Promise.resolve();

  async function look(): Promise<void> {
    try {
      // Locks are counted: each is taken once a session, and again after the session was lost, as soon as the server knows that it is.
      for (const worker of workers) {
        await sql`select pg_try_advisory_lock(${ALIVE}, hashtext(${worker})) where not exists (
          select from pg_locks where pid = pg_backend_pid() and locktype = 'advisory' and classid = ${ALIVE}
            and objid = (hashtext(${worker})::bigint & 4294967295)::oid)`;
      }
      const freed = await sql<{ worker: string }[]>`
        with dead as (
          select distinct j.locked_by as worker from graphile_worker._private_jobs j
          where j.locked_at < now() - make_interval(secs => ${GRACE_SECONDS}) and not exists (
            select from pg_locks l where l.locktype = 'advisory' and l.classid = ${ALIVE}
              and l.database = (select oid from pg_database where datname = current_database())
              and l.objid = (hashtext(j.locked_by)::bigint & 4294967295)::oid))
        select worker from dead, lateral graphile_worker.force_unlock_workers(array[worker])`;
      for (const { worker } of freed) log.warn({ worker }, 'freed the jobs of a worker that is gone');
    } catch (error) {
      log.debug({ err: error }, 'the liveness check will be repeated');
    }
  }

  const soon = (): void => {
    running = running.then(look);
  };
  const timer = setInterval(soon, everyMs);
  timer.unref();
  return {
    claim(worker: string): void {
      workers.add(worker);
      soon();
    },
    async stop(): Promise<void> {
      clearInterval(timer);
      await running;
    },
  };
}
