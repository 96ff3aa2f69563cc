import type { Sql } from 'postgres';
import { PosternError } from '../../errors.js';
import { isConnectionFault } from '../connect.js';

/** A few sessions of which always the first is taken that has nothing to do. */
export interface FirstFree {
  use<T>(work: (session: Sql) => Promise<T>): Promise<T>;
  end(options: { readonly timeout: number }): Promise<void>;
}

/**
 * A session that has just done the same still has its plans and tables in the processor's caches; a pool that takes them in turn finds them
 * cold each time. `open` makes a pool of one session, when it is first needed; there are at most `most`.
 */
export function createFirstFree(open: () => Sql, most: number): FirstFree {
  const sessions: { readonly session: Sql; busy: number }[] = [];
  let ended = false;

  function freest(): { readonly session: Sql; busy: number } {
    let best = sessions[0];
    for (const entry of sessions) {
      if (entry.busy === 0) return entry;
      if (best === undefined || entry.busy < best.busy) best = entry;
    }
    if (best !== undefined && sessions.length >= most) return best;
    const fresh = { session: open(), busy: 0 };
    sessions.push(fresh);
    return fresh;
  }

  /** postgres.js keeps what the server said last on a connection it ended, and gives it to the first question on the next, done or not. */
  function forsake(entry: { readonly session: Sql; busy: number }): void {
    const place = sessions.indexOf(entry);
    if (place < 0) return;
    sessions.splice(place, 1);
    void entry.session.end({ timeout: 5 });
  }

  return {
    async use(work) {
      if (ended) throw new PosternError('database.unavailable', 'The sessions of the database are closed.');
      const entry = freest();
      entry.busy += 1;
      try {
        return await work(entry.session);
      } catch (error) {
        if (isConnectionFault(error)) forsake(entry);
        throw error;
      } finally {
        entry.busy -= 1;
      }
    },
    async end(options) {
      ended = true;
      await Promise.all(sessions.map(({ session }) => session.end(options)));
    },
  };
}
