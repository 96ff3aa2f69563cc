import type { TransactionSql } from 'postgres';

/**
 * The same connection, with every query prepared under a name of its own. drizzle leaves queries unnamed, and then each is parsed anew
 * and takes two ways to the database instead of one. Plans are not kept, see `connect`.
 */
export function namedQueries(client: TransactionSql): TransactionSql {
  const unsafe = (query: string, values: Parameters<TransactionSql['unsafe']>[1]) =>
    client.unsafe(query, values, { prepare: true });
  return new Proxy(client, {
    get: (target, key) => (key === 'unsafe' ? unsafe : (Reflect.get(target, key) as unknown)),
  });
}
