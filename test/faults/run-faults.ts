import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { hash } from 'bcrypt';
import { message } from '../contracts/connector-contract.js';
import type { TestDatabase } from '../helpers/database.js';
import type { Api, FaultTarget } from './targets/target.js';

export interface FaultPlan {
  readonly messages: number;
  /** How often the program is killed outright, and how often the provider goes away, spread over the run. */
  readonly kills: number;
  readonly outages: number;
  /** The whole run; a fault in itself when it is exceeded. */
  readonly withinMs: number;
}

export interface FaultOutcome {
  readonly missing: readonly string[];
  readonly twice: readonly string[];
  readonly setAside: number;
  readonly kills: number;
  readonly outages: number;
  /** From connecting the mailbox to the last message. */
  readonly seconds: number;
}

/**
 * The real program, with a clock that jumps, reads a mailbox that is half full at the start and fills up meanwhile; it is killed with
 * SIGKILL and started again, and the provider is taken away with every connection it has.
 */
export async function runFaults(database: TestDatabase, target: FaultTarget, plan: FaultPlan): Promise<FaultOutcome> {
  const folder = mkdtempSync(join(tmpdir(), 'postern-faults-'));
  chmodSync(folder, 0o711);
  const port = await freePort();
  const publicUrl = `http://127.0.0.1:${port}`;
  const env = {
    ...{ PATH: process.env['PATH'], PORT: String(port), POSTERN_PUBLIC_URL: publicUrl, ...target.env(publicUrl) },
    ...{ POSTERN_DATA_DIR: folder, POSTERN_LOG_LEVEL: 'error' },
    ...{ DATABASE_URL: database.ownerUrl, DATABASE_APP_URL: database.appUrl },
    ...{ POSTERN_KEYS: randomBytes(32).toString('base64'), POSTERN_SCAN_THREADS: '2' },
  };
  let program: Program | null = null;
  const start = async (): Promise<Program> => (program = await startProgram(env));
  try {
    const password = randomUUID();
    const [tenant, email] = [await database.addTenant(), `${randomUUID()}@example.test`];
    const person = await database.addUser({ email, passwordHash: await hash(password, 4) });
    await database.addMember(tenant, person, 'org_member');
    await database.admin`update postern.tenants set tier = 'unlimited' where tenant_id = ${tenant}`;
    let delivered = 0;
    const deliver = (count: number): void => {
      for (let n = 0; n < count; n += 1, delivered += 1) target.deliver(message(`fault ${delivered}`));
    };
    deliver(Math.ceil(plan.messages / 2));

    await start();
    await connectOverApi(publicUrl, { email, password }, target);
    const stored = async (): Promise<number> => {
      const [row] = await database.admin<
        { n: number }[]
      >`select count(*)::int as n from postern.scans where tenant_id = ${tenant}`;
      return row?.n ?? 0;
    };

    const faults = [...Array<'kill'>(plan.kills).fill('kill'), ...Array<'outage'>(plan.outages).fill('outage')];
    const steps = faults.length + 1;
    const done = { kill: 0, outage: 0 };
    const begun = performance.now();
    const deadline = begun + plan.withinMs;
    for (let step = 1, looks = 0; performance.now() < deadline; looks += 1) {
      await sleep(50);
      if (looks % 20 === 0) await target.tell(publicUrl, database);
      if (looks % 40 === 0) await endPauses(database);
      const count = await stored();
      if (count >= plan.messages) break;
      if (step < steps && count >= (plan.messages * step) / (steps + 1)) {
        // In turn, so that each kind meets both the backfill and new mail.
        const fault = faults[((step - 1) % 2) * plan.kills + Math.floor((step - 1) / 2)] ?? faults[step - 1];
        step += 1;
        deliver(Math.min(Math.floor(plan.messages / 2 / steps), plan.messages - delivered));
        if (fault === 'kill') {
          await program!['kill']();
          await letTimePass(database);
          await start();
        } else {
          await target.outage(done.outage);
        }
        done[fault ?? 'kill'] += 1;
      } else if (step === steps && delivered < plan.messages) deliver(plan.messages - delivered);
    }
    const seconds = Math.round((performance.now() - begun) / 1000);
    // Anything that would be shown twice has had its chance.
    await sleep(2000);
    const verdict = await judge(database, tenant, plan.messages);
    if (verdict.missing.length > 0)
      process.stderr.write(`${await standing(database)}\n${(program as Program | null)?.standing()}\n`);
    return { ...verdict, kills: done.kill, outages: done.outage, seconds };
  } finally {
    await (program as Program | null)?.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Program {
  kill(): Promise<void>;
  /** Whether it runs, and what it has said. */
  standing(): string;
}

async function startProgram(env: NodeJS.ProcessEnv): Promise<Program> {
  const jumps = new URL('./clock-jumps.js', import.meta.url).href;
  const child: ChildProcess = spawn(process.execPath, ['--import', jumps, 'dist/src/main.js'], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text: Buffer) => (output += text.toString()));
  for (let waited = 0; waited < 60_000; waited += 50) {
    if (output.includes('postern is ready at')) {
      const standing = (): string => `exit ${child.exitCode}, signal ${child.signalCode}\n${output}`;
      return { kill: () => killed(child), standing };
    }
    if (child.exitCode !== null) break;
    await sleep(50);
  }
  await killed(child);
  throw new Error(`postern did not start:\n${output}`);
}

async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

/** What a killed worker held is taken over after half a minute; the test does not sit that out. */
async function letTimePass({ admin }: TestDatabase): Promise<void> {
  await admin`update postern.mailboxes set lease_until = now() - interval '1 second', push_until = null, next_sync_at = now()`;
  await admin`update graphile_worker._private_jobs set locked_at = now() - interval '1 minute' where locked_at is not null`;
}

/** A provider in trouble is left alone for longer each time; nor does the test sit that out. */
async function endPauses({ admin }: TestDatabase): Promise<void> {
  await admin`update graphile_worker._private_jobs set run_at = now() where run_at > now() and payload ->> 'mailbox_id' is not null`;
}

async function connectOverApi(
  url: string,
  person: { readonly email: string; readonly password: string },
  target: FaultTarget,
): Promise<void> {
  const post = async (path: string, json: unknown, headers = {}) => {
    const answer = await fetch(`${url}/api/v1${path}`, {
      ...{ method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(json) },
    });
    return { status: answer.status, body: await answer.json().catch(() => null) };
  };
  // The clock may jump between the token and its use: then it has expired, or is not valid yet.
  for (let attempt = 0; attempt < 40; attempt += 1) {
    await sleep(300);
    const signedIn = await post('/auth/login', person);
    if (signedIn.status !== 200) continue;
    const { access_token: token } = signedIn.body as { access_token: string };
    const api: Api = (path, json) => post(path, json, { authorization: `Bearer ${token}` });
    if (await target.connect(api)) return;
  }
  throw new Error('the mailbox could not be connected');
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function judge({ admin }: TestDatabase, tenant: string, messages: number) {
  const rows = await admin<{ subject: string; n: number }[]>`select subject, count(*)::int as n from postern.scans
    where tenant_id = ${tenant} group by subject`;
  const found = new Map(rows.map(({ subject, n }) => [subject, n]));
  const wanted = Array.from({ length: messages }, (_, n) => `fault ${n}`);
  const [aside] = await admin<
    { n: number }[]
  >`select count(*)::int as n from postern.set_aside_messages where tenant_id = ${tenant}`;
  return {
    missing: wanted.filter((subject) => !found.has(subject)),
    twice: wanted.filter((subject) => (found.get(subject) ?? 0) > 1),
    setAside: aside?.n ?? 0,
  };
}

/** For whoever has to find out why something is missing. */
async function standing({ admin }: TestDatabase): Promise<string> {
  const mailboxes = await admin`select now(), * from postern.mailboxes`;
  const jobs = await admin`select * from graphile_worker._private_jobs`;
  return JSON.stringify({ mailboxes, jobs }, null, 1);
}
