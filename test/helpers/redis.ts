import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Context } from 'mocha';
import { makeCertificate } from './certificate.js';
import { skipWithout } from './requirements.js';

/** A real Redis of a test's own, on a socket in its own folder; on 127.0.0.1 only where TLS is asked for. Nothing is kept on disk. */
export interface TestRedis {
  readonly url: string;
  /** With TLS; null without. `ca`: the file of the certificate, which is made out to localhost. */
  readonly tls: { readonly url: string; readonly ca: string } | null;
  /** Sends commands as `redis-cli` does, and returns what it prints. */
  command(...words: readonly string[]): string;
  /** It holds its connections and answers nothing. */
  freeze(): void;
  thaw(): void;
  stop(): Promise<void>;
  /** Again, with nothing in it. */
  start(): Promise<void>;
  close(): Promise<void>;
}

const PROGRAM = ['/usr/bin/redis-server', '/usr/local/bin/redis-server', '/opt/homebrew/bin/redis-server'].find(
  (path) => existsSync(path),
);

export async function startRedisOrSkip(
  test: Context,
  options: { readonly tlsPort?: number; readonly password?: string } = {},
): Promise<TestRedis> {
  skipWithout(test, 'redis', PROGRAM !== undefined, 'install redis-server');
  const home = mkdtempSync(join(tmpdir(), 'postern-redis-'));
  const socket = join(home, 'redis.sock');
  const { tlsPort, password } = options;
  const certificate = tlsPort === undefined ? null : makeCertificate(home);
  let child: ChildProcess | null = null;
  const command = (...words: readonly string[]) => {
    const auth = password === undefined ? [] : ['-a', password, '--no-auth-warning'];
    return spawnSync(join(dirname(PROGRAM ?? ''), 'redis-cli'), ['-s', socket, ...auth, ...words], {
      encoding: 'utf8',
    }).stdout.trim();
  };

  async function start(): Promise<void> {
    const running = spawn(
      PROGRAM ?? '',
      [
        ...['--port', '0', '--unixsocket', socket, '--save', '', '--appendonly', 'no', '--dir', home],
        ...(password === undefined ? [] : ['--requirepass', password]),
        ...(certificate === null || tlsPort === undefined
          ? []
          : ['--bind', '127.0.0.1', '--tls-port', String(tlsPort), '--tls-auth-clients', 'no']),
        ...(certificate === null
          ? []
          : [
              '--tls-cert-file',
              certificate,
              '--tls-key-file',
              join(home, 'key.pem'),
              '--tls-ca-cert-file',
              certificate,
            ]),
      ],
      { stdio: 'ignore' },
    );
    child = running;
    for (let waited = 0; command('ping') !== 'PONG'; waited += 20) {
      if (running.exitCode !== null || waited > 10_000) throw new Error('Redis did not start');
      await sleep(20);
    }
  }
  async function stop(): Promise<void> {
    const running = child;
    child = null;
    if (running === null || running.exitCode !== null) return;
    const gone = once(running, 'exit');
    running.kill('SIGKILL');
    await gone;
  }
  process.once('exit', () => child?.kill('SIGKILL'));
  await start();
  return {
    url: password === undefined ? `unix://${socket}` : `unix://:${password}@${socket}`,
    tls: certificate === null ? null : { url: `rediss://localhost:${tlsPort}`, ca: certificate },
    ...{ command, start, stop },
    freeze: () => child?.kill('SIGSTOP'),
    thaw: () => child?.kill('SIGCONT'),
    async close() {
      await stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
