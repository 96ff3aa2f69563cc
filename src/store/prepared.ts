import type { Sql, TransactionSql } from 'postgres';

/**
 * The same pool, with every query prepared under a name of its own. drizzle leaves queries unnamed, and then each is parsed anew and
 * takes two ways to the database instead of one. Plans are not kept, see `connect`.
 */
export function prepared(pool: Sql): Sql {
  return new Proxy(pool, {
    get(target, key) {
      if (key === 'unsafe') return namedQueries(target);
      if (key === 'begin') {
        return (work: (tx: TransactionSql) => unknown) => target.begin((tx) => work(transaction(tx)));
      }
      return Reflect.get(target, key) as unknown;
    },
  });
}

function transaction(tx: TransactionSql): TransactionSql {
  return new Proxy(tx, {
    get: (target, key) => (key === 'unsafe' ? namedQueries(target) : (Reflect.get(target, key) as unknown)),
  });
}

function namedQueries(target: Sql | TransactionSql) {
  return (query: string, values: Parameters<Sql['unsafe']>[1]) => target.unsafe(query, values, { prepare: true });
}
