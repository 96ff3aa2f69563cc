import { execFileSync, spawn } from 'node:child_process';
import { createConnection } from 'node:net';
import { freePort } from './free-port.js';

export interface Redis {
  readonly port: number;
  readonly pid: number;
  stop(): Promise<void>;
}

export function redisInstalled(): boolean {
  try {
    execFileSync('redis-server', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** A Redis of Debian's package on loopback that keeps nothing on disk. Throws when it does not answer within 10 seconds. */
export async function startRedis(folder: string): Promise<Redis> {
  const port = await freePort();
  const where = ['--bind', '127.0.0.1', '--port', String(port), '--dir', folder];
  const child = spawn('redis-server', [...where, '--save', '', '--appendonly', 'no'], { stdio: 'ignore' });
  const gone = new Promise<never>((_resolve, reject) => child.once('error', reject));
  gone.catch(() => undefined);
  for (let attempt = 0; !(await Promise.race([answers(port), gone])); attempt++) {
    if (attempt === 100 || child.exitCode !== null) throw new Error('redis-server did not start');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return {
    ...{ port, pid: child.pid ?? 0 },
    stop: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
    },
  };
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: '127.0.0.1' });
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
