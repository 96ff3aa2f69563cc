import { Pool } from 'undici';

/** Connections that are kept open; nothing may take longer than 30 seconds. */
export function connectionsTo(port: number): Pool {
  return new Pool(`http://127.0.0.1:${port}`, { connections: 64, headersTimeout: 30_000, bodyTimeout: 30_000 });
}
