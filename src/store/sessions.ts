import type { ReservedSql, Sql } from 'postgres';
import { PosternError } from '../errors.js';

/** What a query is asked with. The same on a session, in a transaction and for drizzle. */
export type Unsafe = Sql['unsafe'];

/** One connection to the database. Whoever has it has it alone, and it is never connected again. */
export interface Session {
  /** As of postgres.js. Throws on a session that was lost. */
  readonly unsafe: Unsafe;
  isLost(): boolean;
  /** Called once when the connection is lost, from then on; null for nobody. */
  onLoss(call: ((error: Error) => void) | null): void;
  /** Now, whatever is under way. */
  close(): void;
}

/** A few sessions of which always the one is taken that was given back last. */
export interface Sessions {
  /**
   * Waits its turn for a session, and gives it back when the work is done. Throws what the work throws, a fault of the connection as soon as
   * it is lost, and PosternError `database.unavailable` once they are closed.
   */
  use<T>(work: (session: Session) => Promise<T>): Promise<T>;
  /** No work begins any more; what is under way has `graceMs` to end. */
  end(graceMs: number): Promise<void>;
}

function closedSessions(): PosternError {
  return new PosternError('database.unavailable', 'The sessions of the database are closed.');
}

/** For the code of network faults, as postgres.js has it. */
function lostConnection(): Error {
  return Object.assign(new Error('The connection to the database was lost.'), { code: 'CONNECTION_CLOSED' });
}

/**
 * postgres.js connects again by itself, on the same object: what still comes from work that lost its connection would be written to a socket
 * that is gone, which ends the process, or go into the transaction of somebody else; and the first question on the new connection would get
 * the last word of the old one. So each session is a pool of one that holds its connection until it is lost, and takes nothing afterwards.
 * `open` makes such a pool and calls back when the connection is closed. Throws what connecting throws.
 */
export async function openSession(open: (onClose: () => void) => Sql): Promise<Session> {
  let lost = false;
  let call: ((error: Error) => void) | null = null;
  const pool = open(() => {
    if (lost) return;
    lost = true;
    void pool.end({ timeout: 0 });
    call?.(lostConnection());
  });
  const client = await connected(pool).catch((error: unknown) => {
    lost = true;
    void pool.end({ timeout: 0 });
    throw error;
  });
  return {
    unsafe(query, values, options) {
      if (lost) throw lostConnection();
      // The driver would wait for ever for the answer to what it could not write.
      if (values?.some((value: unknown) => value === undefined))
        throw new TypeError('a parameter of a query is undefined');
      return client.unsafe(query, values, options);
    },
    isLost: () => lost,
    onLoss(next) {
      call = next;
    },
    close() {
      if (lost) return;
      lost = true;
      client.release();
      void pool.end({ timeout: 0 });
      call?.(lostConnection());
    },
  };
}

/** Asks first: what `reserve` itself cannot connect is connected once more, when nobody waits for it, and stays open. */
async function connected(pool: Sql): Promise<ReservedSql> {
  await pool.unsafe('select 1');
  return await pool.reserve();
}

export interface SessionsOptions {
  readonly open: () => Promise<Session>;
  /** At a time; what more is asked for waits. */
  readonly most: number;
  /** A session that nobody took for so long is closed. */
  readonly idleMs?: number;
  /** An older one is closed when it is given back. */
  readonly ageMs?: number;
}

interface Held {
  readonly session: Session;
  readonly since: number;
  freeSince: number;
}

/**
 * A session that has just done the same still has its plans and tables in the processor's caches; a pool that takes them in turn finds them
 * cold each time.
 */
export function createSessions({ open, most, idleMs = 60_000, ageMs = 30 * 60_000 }: SessionsOptions): Sessions {
  const free: Held[] = [];
  const busy = new Set<Held>();
  const waiting: ((given: Held | null) => void)[] = [];
  let count = 0;
  let ended = false;
  let whenAllBack: (() => void) | undefined;
  const sweep = setInterval(() => {
    for (const held of free.filter(({ freeSince }) => performance.now() - freeSince >= idleMs)) drop(held);
  }, idleMs / 2).unref();

  async function take(): Promise<Held> {
    for (;;) {
      if (ended) throw closedSessions();
      const held = free.pop() ?? (count < most ? await fresh() : await turn());
      if (held === null) continue;
      busy.add(held);
      return held;
    }
  }

  function turn(): Promise<Held | null> {
    return new Promise((resolve) => waiting.push(resolve));
  }

  async function fresh(): Promise<Held> {
    count += 1;
    try {
      const session = await open();
      if (ended) {
        session.close();
        throw closedSessions();
      }
      const held = { session, since: performance.now(), freeSince: 0 };
      session.onLoss(() => drop(held));
      return held;
    } catch (error) {
      left();
      throw error;
    }
  }

  function give(held: Held): void {
    held.session.onLoss(() => drop(held));
    if (held.session.isLost() || ended || performance.now() - held.since > ageMs) drop(held);
    else {
      const next = waiting.shift();
      if (next !== undefined) {
        next(held);
        return;
      }
      busy.delete(held);
      held.freeSince = performance.now();
      free.push(held);
    }
  }

  function drop(held: Held): void {
    const place = free.indexOf(held);
    if (place >= 0) free.splice(place, 1);
    busy.delete(held);
    held.session.onLoss(null);
    held.session.close();
    left();
  }

  /** One session less: whoever waits may open another. */
  function left(): void {
    count -= 1;
    waiting.shift()?.(null);
    if (count === 0) whenAllBack?.();
  }

  return {
    async use<T>(work: (session: Session) => Promise<T>): Promise<T> {
      const held = await take();
      try {
        return await new Promise<T>((resolve, reject) => {
          held.session.onLoss(reject);
          work(held.session).then(resolve, reject);
        });
      } finally {
        give(held);
      }
    },
    async end(graceMs) {
      ended = true;
      clearInterval(sweep);
      for (const held of [...free]) drop(held);
      for (const wake of waiting.splice(0)) wake(null);
      if (count === 0) return;
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        whenAllBack = resolve;
        timer = setTimeout(resolve, graceMs);
      });
      clearTimeout(timer);
      for (const { session } of busy) session.close();
    },
  };
}
