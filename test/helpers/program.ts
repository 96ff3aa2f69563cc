import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

/** One run of the product as `npm start` runs it, after the build. */
export class Run {
  readonly child: ChildProcess;
  output = '';

  /** `env`: settings besides the folder and a free port. */
  constructor(dataDir: string, env: Readonly<Record<string, string>> = {}) {
    this.child = spawn(process.execPath, ['dist/src/main.js'], {
      env: { PATH: process.env['PATH'], PORT: '0', POSTERN_DATA_DIR: dataDir, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.output += chunk.toString();
      });
    }
  }

  /** The address it announced. */
  async ready(): Promise<string> {
    for (let waited = 0; waited < 60_000; waited += 50) {
      const url = /postern is ready at (\S+)/.exec(this.output)?.[1];
      if (url !== undefined) return url;
      if (this.child.exitCode !== null) break;
      await sleep(50);
    }
    throw new Error(`postern did not start:\n${this.output}`);
  }

  async setupToken(): Promise<string> {
    for (let waited = 0; waited < 5000; waited += 20) {
      const token = /\/setup#token=([\w-]+)/.exec(this.output)?.[1];
      if (token !== undefined) return token;
      await sleep(20);
    }
    throw new Error(`no set-up link:\n${this.output}`);
  }

  async stop(signal: NodeJS.Signals): Promise<number | null> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return this.child.exitCode;
    const exited = once(this.child, 'exit');
    this.child.kill(signal);
    await exited;
    return this.child.exitCode;
  }
}

/** A request below /api/v1 with a JSON body. */
export const post = (url: string, path: string, json: unknown, headers = {}) =>
  fetch(`${url}/api/v1${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(json),
  });
