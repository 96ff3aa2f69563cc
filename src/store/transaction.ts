import { PgDialect } from 'drizzle-orm/pg-core';
import { PostgresJsSession, PostgresJsTransaction } from 'drizzle-orm/postgres-js';
import type { Sql, TransactionSql } from 'postgres';
import type { Pin, Transaction } from './session.js';
import type { Session, Unsafe } from './sessions.js';

const dialect = new PgDialect();

/**
 * Pinned, and committed when the work is done; rolled back when it throws. What the work still asks afterwards is refused: it would reach the
 * session in the hands of somebody else. Throws what the work throws, or what the database says of the pin or on commit.
 */
export async function inTransaction<T>(session: Session, pin: Pin, work: (tx: Transaction) => Promise<T>): Promise<T> {
  let over = false;
  const unsafe: Unsafe = (query, values) => {
    if (over) throw new Error('This transaction has ended.');
    // drizzle leaves queries unnamed: each would be parsed anew, and take two ways to the database. Plans are not kept, see `connect`.
    return session.unsafe(query, values, { prepare: true });
  };
  try {
    // The connection works off its queries in order: what comes after need not wait for what is before it.
    const begun = session.unsafe('begin').execute();
    const pinned = session.unsafe(pin.query, [...pin.values], { prepare: true }).execute();
    // Where the work throws before it asks anything, nobody listens to them.
    for (const first of [begun, pinned]) first.catch(() => undefined);
    const [result] = await Promise.all([work(transactionOn(unsafe)), pinned, begun]);
    over = true;
    const { command } = await session.unsafe('commit');
    if (command !== 'COMMIT') throw new Error('A query of the transaction failed, and its work went on.');
    return result;
  } catch (error) {
    over = true;
    await rollback(session);
    throw error;
  }
}

/** Harmless after a commit. A session that cannot even do that is of no use to the next. */
async function rollback(session: Session): Promise<void> {
  if (session.isLost()) return;
  await session.unsafe('rollback').catch(() => {
    session.close();
  });
}

/** As drizzle makes them in its own `transaction`, whose types say that only a pool can be a session's client. */
function transactionOn(unsafe: Unsafe): Transaction {
  const session = new PostgresJsSession({ unsafe } as unknown as Sql & TransactionSql, dialect, undefined);
  return new PostgresJsTransaction(dialect, session, undefined) as unknown as Transaction;
}
