import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.js';

/** A spamd of Debian's package on loopback, local tests only. */
export interface SpamAssassin {
  readonly pid: number;
  check(raw: Uint8Array): Promise<{ readonly spam: boolean; readonly score: number }>;
  stop(): Promise<void>;
}

export function spamAssassinInstalled(): boolean {
  try {
    execFileSync('spamd', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Starts it and waits until it answers; throws when it does not within a minute. */
export async function startSpamAssassin(children: number): Promise<SpamAssassin> {
  const home = mkdtempSync(join(tmpdir(), 'postern-spamd-'));
  const port = await freePort();
  const processes = [`--max-children=${children}`, `--min-children=${children}`, '--max-conn-per-child=100000'];
  const where = ['--listen=127.0.0.1', `--port=${port}`, `--helper-home-dir=${home}`, '--syslog=null'];
  const child = spawn('spamd', ['--local', '--nouser-config', ...processes, ...where], { stdio: 'ignore' });
  const check = (raw: Uint8Array): Promise<{ spam: boolean; score: number }> => ask(port, raw);
  for (let attempt = 0; ; attempt++) {
    const answer = await check(Buffer.from('Subject: ping\r\n\r\nping\r\n')).catch(() => null);
    if (answer !== null) break;
    if (attempt === 600 || child.exitCode !== null) throw new Error('spamd did not start');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return {
    pid: child.pid ?? 0,
    check,
    stop: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** One CHECK of the SPAMC protocol; the answer is `Spam: True ; 15.2 / 5.0`. Source: spamd/PROTOCOL of SpamAssassin. */
function ask(port: number, raw: Uint8Array): Promise<{ spam: boolean; score: number }> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(`CHECK SPAMC/1.5\r\nContent-length: ${raw.length}\r\n\r\n`);
      socket.end(raw);
    });
    socket.on('data', (chunk: Buffer) => (answer += chunk.toString('latin1')));
    socket.on('error', reject);
    socket.on('close', () => {
      const found = /Spam: (True|False|Yes|No) ; (-?[\d.]+)/.exec(answer);
      if (found === null) reject(new Error(`spamd answered ${answer.slice(0, 80)}`));
      else resolve({ spam: found[1] === 'True' || found[1] === 'Yes', score: Number(found[2]) });
    });
  });
}
