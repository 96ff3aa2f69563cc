import { pino } from 'pino';
import type { DestinationStream, Logger } from 'pino';

export type Log = Logger;

/** Fields that may carry a secret or somebody's mail, wherever they stand in a logged object. */
const REDACTED = [
  'password',
  'token',
  'access_token',
  'authorization',
  'cookie',
  'secret',
  'key',
  'body',
  'subject',
  'email',
];

/** JSON lines on stdout. `level` is one of pino's names or 'silent'. */
export function createLog(level: string, destination?: DestinationStream): Log {
  const options = {
    level,
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: REDACTED.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '[redacted]' },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}
