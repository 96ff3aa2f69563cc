import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from './free-port.js';
import { startNameServer } from './name-server.js';
import { startRedis } from './redis.js';

/** A Rspamd of Debian's package, alone on loopback, offline: a DNS that knows nothing, no maps, no lists from outside. */
export interface Rspamd {
  readonly port: number;
  /** Process id of the parent; its workers are children of it. */
  readonly pid: number;
  /** Of the Redis that holds what its Bayes filter learnt; 0 without one. */
  readonly redisPid: number;
  learn(kind: 'spam' | 'ham', raw: Uint8Array): Promise<void>;
  stop(): Promise<void>;
}

/** What asks others over the network; without it Rspamd judges by the message alone, as postern does offline. */
const NETWORKED = [
  ...[
    'rbl',
    'surbl',
    'spf',
    'dkim',
    'dmarc',
    'arc',
    'asn',
    'mx_check',
    'url_redirector',
    'fuzzy_check',
    'rspamd_update',
  ],
  ...[
    'dkim_signing',
    'arc_signing',
    'hfilter',
    'greylist',
    'ratelimit',
    'replies',
    'history_redis',
    'reputation',
    'neural',
    'bimi',
  ],
];

export function rspamdInstalled(): boolean {
  try {
    execFileSync('rspamd', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** With a Bayes filter, which needs a Redis, as most people run it. Starts it and waits until it answers; throws when it does not within 30 seconds. */
export async function startRspamd(workers: number, bayes: boolean): Promise<Rspamd> {
  const home = mkdtempSync(join(tmpdir(), 'postern-rspamd-'));
  const [normal = 0, controller = 0, proxy = 0] = await freePorts(3);
  for (const folder of ['local.d', 'override.d', 'run', 'db', 'log']) mkdirSync(join(home, folder), { mode: 0o777 });
  execFileSync('chmod', ['-R', '777', home]);
  const write = (name: string, text: string): void => writeFileSync(join(home, name), text);
  const names = await startNameServer();
  write('override.d/options.inc', `dns { nameserver = ["127.0.0.1:${names.port}"]; }\nlocal_addrs = [];\n`);
  // Its lists of links, which are asked for by DNS and loaded from the network.
  write('override.d/phishing.conf', 'phishtank_enabled = false;\nopenphish_enabled = false;\n');
  write('override.d/logging.inc', 'type = "console";\nlevel = "error";\n');
  write('rspamd.conf.local', NETWORKED.map((name) => `${name} { enabled = false; }`).join('\n'));
  for (const name of NETWORKED) write(`override.d/${name}.conf`, 'enabled = false;\n');
  write('override.d/worker-normal.inc', `bind_socket = "127.0.0.1:${normal}";\ncount = ${workers};\n`);
  write('override.d/worker-controller.inc', `bind_socket = "127.0.0.1:${controller}";\n`);
  write('override.d/worker-proxy.inc', `bind_socket = "127.0.0.1:${proxy}";\nenabled = false;\n`);
  const redis = bayes ? await startRedis(home) : null;
  if (redis !== null) {
    write('local.d/redis.conf', `servers = "127.0.0.1:${redis.port}";\n`);
    write(
      'local.d/classifier-bayes.conf',
      `servers = "127.0.0.1:${redis.port}";\nbackend = "redis";\nautolearn = false;\n`,
    );
  }
  const folders = {
    LOCAL_CONFDIR: home,
    RUNDIR: join(home, 'run'),
    DBDIR: join(home, 'db'),
    LOGDIR: join(home, 'log'),
  };
  const variables = Object.entries(folders).flatMap(([name, value]) => ['--var', `${name}=${value}`]);
  const user = process.getuid?.() === 0 ? ['-u', '_rspamd', '-g', '_rspamd'] : [];
  const child = spawn('rspamd', ['-f', ...user, ...variables], { stdio: ['ignore', 'ignore', 'pipe'] });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => (complaint = (complaint + chunk.toString()).slice(-2000)));
  const url = `http://127.0.0.1:${normal}`;
  for (let attempt = 0; ; attempt++) {
    const answer = await fetch(`${url}/ping`).catch(() => null);
    if (answer?.ok === true) break;
    if (attempt === 300 || child.exitCode !== null) throw new Error(`rspamd did not start: ${complaint}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return {
    ...{ port: normal, pid: child.pid ?? 0, redisPid: redis?.pid ?? 0 },
    async learn(kind, raw) {
      // Its controller ends every connection with the answer, or behind it.
      const asked = fetch(`http://127.0.0.1:${controller}/learn${kind}`, {
        ...{ method: 'POST', headers: { connection: 'close' }, body: new Uint8Array(raw) },
      });
      // Now and then it writes a second answer behind one that was the last: the message is learnt.
      const answer = await asked.catch((error: unknown) => {
        const cause: unknown = error instanceof Error ? error.cause : undefined;
        if (!(cause instanceof Error && 'code' in cause && String(cause.code).startsWith('HPE_'))) throw error;
        return new Response('', { status: 200 });
      });
      const text = await answer.text();
      // 208: learnt before; 204: nothing in it to learn.
      if (![200, 204, 208].includes(answer.status)) throw new Error(`rspamd learnt nothing: ${answer.status} ${text}`);
    },
    stop: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
      await redis?.stop();
      await names.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
