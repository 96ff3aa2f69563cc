import postgres from 'postgres';
import type { Sql } from 'postgres';
import { PosternError } from '../errors.js';

export interface ConnectOptions {
  /** Sessions the pool may open. */
  readonly max: number;
  /** Shown in pg_stat_activity. */
  readonly applicationName: string;
  readonly statementTimeoutMs?: number;
  /** A session is not closed for being idle or old: something hangs on it, such as a lock, or somebody else sees to that. */
  readonly steady?: boolean;
  /** False where what it would learn of the server's array types is known already. */
  readonly fetchTypes?: boolean;
  /** Whenever a connection is closed, by whomever. */
  readonly onClose?: () => void;
}

/** A pool of sessions. Understands `?host=/folder` for Unix sockets, as libpq does. */
export function connect(url: string, options: ConnectOptions): Sql {
  const parsed = new URL(url);
  const socketFolder = parsed.searchParams.get('host');
  parsed.searchParams.delete('host');
  const path = socketFolder === null ? null : `${socketFolder}/.s.PGSQL.${parsed.port || '5432'}`;
  return postgres(parsed.href, {
    max: options.max,
    ...(path === null ? {} : { path }),
    connect_timeout: 10,
    idle_timeout: options.steady === true ? 0 : 60,
    max_lifetime: options.steady === true ? null : 60 * 30,
    onnotice: () => undefined,
    fetch_types: options.fetchTypes ?? true,
    ...(options.onClose === undefined ? {} : { onclose: options.onClose }),
    connection: {
      application_name: options.applicationName,
      TimeZone: 'UTC',
      // A cached plan for all days would lock and open every partition; each query is planned for the day it names.
      plan_cache_mode: 'force_custom_plan',
      ...(options.statementTimeoutMs === undefined
        ? {}
        : {
            statement_timeout: options.statementTimeoutMs,
            idle_in_transaction_session_timeout: options.statementTimeoutMs * 4,
          }),
    },
  });
}

/** Network trouble, and what PostgreSQL says while it starts, stops or has no session left (classes 08, 53 and 57P). */
const UNREACHABLE = /^(E[A-Z]+|CONNECT_TIMEOUT|CONNECTION_\w+|08\w{3}|53300|57P0[1-4])$/;

export function isConnectionFault(error: unknown): boolean {
  return UNREACHABLE.test(codeOf(error));
}

/** The SQLSTATE or Node.js error code; '' when there is none. */
export function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  if ('code' in error && typeof error.code === 'string') return error.code;
  return 'cause' in error ? codeOf(error.cause) : '';
}

/** What the caller may know: that the database is away, or refuses the login. Everything else passes unchanged. */
export function translated(error: unknown): unknown {
  if (error instanceof PosternError) return error;
  if (isConnectionFault(error)) {
    return new PosternError('database.unavailable', 'The database cannot be reached at the moment.', { cause: error });
  }
  // Class 28: wrong user or password; 3D000: no such database.
  if (/^(28\w{3}|3D000)$/.test(codeOf(error))) {
    return new PosternError('config.invalid', 'The database refuses the login of DATABASE_URL or DATABASE_APP_URL.', {
      cause: error,
    });
  }
  return error;
}
