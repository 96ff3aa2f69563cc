import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from './free-port.js';
import { connectionsTo, post } from './post.js';

/** The product as a user runs it: `npm start`, after the build, with its embedded PostgreSQL, in a folder of its own. */
export interface Postern {
  readonly pid: number;
  /** Of the embedded PostgreSQL's parent. */
  readonly databasePid: number;
  /** Uploads one message and resolves once its verdict is stored. */
  upload(raw: Uint8Array): Promise<{ readonly label: string; readonly score: number }>;
  stop(): Promise<void>;
}

const MAIN = fileURLToPath(new URL('../../src/main.js', import.meta.url));
const ADMIN = { email: 'bench@corp.example', password: 'a long enough pass phrase' };

/** Starts it and waits until it answers; throws when it does not within 60 seconds. */
export async function startPostern(trustedAuthservId: string): Promise<Postern> {
  const dataDir = mkdtempSync(join(tmpdir(), 'postern-peers-'));
  const port = await freePort();
  const child = spawn(process.execPath, ['--single-threaded-gc', '--no-memory-reducer', MAIN], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      PATH: process.env['PATH'],
      PORT: String(port),
      POSTERN_DATA_DIR: dataDir,
      POSTERN_ADMIN_EMAIL: ADMIN.email,
      POSTERN_ADMIN_PASSWORD: ADMIN.password,
      POSTERN_TRUSTED_AUTHSERV_IDS: trustedAuthservId,
      POSTERN_LOG_LEVEL: 'error',
      POSTERN_RATE_PER_ADDRESS: '0',
      POSTERN_RATE_PER_PERSON: '0',
      POSTERN_RATE_PER_TENANT: '0',
      // Raised, not off: what counting costs is part of what is measured.
      POSTERN_SCANS_PER_TENANT: '10000000',
    },
  });
  const api = `http://127.0.0.1:${port}/api/v1`;
  for (let attempt = 0; ; attempt++) {
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => null);
    if (answer?.ok === true) break;
    if (attempt === 600 || child.exitCode !== null) throw new Error('postern did not start');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  let token = await signIn(api);
  const pool = connectionsTo(port);
  const renewal = setInterval(() => void signIn(api).then((fresh) => (token = fresh)), 10 * 60_000);
  return {
    pid: child.pid ?? 0,
    databasePid: databasePid(dataDir),
    upload: async (raw) => {
      const { status, body } = await post({
        ...{ pool, path: '/api/v1/scan/upload', body: multipart(raw) },
        headers: { authorization: `Bearer ${token}`, 'content-type': `multipart/form-data; boundary=${BOUNDARY}` },
      });
      if (status !== 200) throw new Error(`postern answered ${status}: ${body}`);
      return JSON.parse(body) as { label: string; score: number };
    },
    stop: async () => {
      clearInterval(renewal);
      await pool.destroy();
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

const BOUNDARY = '------------------------postern-bench';

function multipart(raw: Uint8Array): Buffer {
  const head = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="message.eml"\r\nContent-Type: message/rfc822\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), raw, Buffer.from(`\r\n--${BOUNDARY}--\r\n`)]);
}

async function signIn(api: string): Promise<string> {
  const answer = await fetch(`${api}/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(ADMIN),
  });
  if (!answer.ok) throw new Error(`sign-in answered ${answer.status}: ${await answer.text()}`);
  return ((await answer.json()) as { access_token: string }).access_token;
}

/** PostgreSQL writes its process id on the first line of postmaster.pid; 0 where the folder is elsewhere. */
function databasePid(dataDir: string): number {
  try {
    return Number(readFileSync(join(dataDir, 'postgres', 'cluster', 'data', 'postmaster.pid'), 'utf8').split('\n')[0]);
  } catch {
    return 0;
  }
}
