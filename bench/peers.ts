import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { loadCorpus } from './corpus.js';
import type { CorpusEntry } from './corpus.js';
import { cpuSeconds } from './peers/cpu.js';
import { connectionsTo, post } from './peers/post.js';
import { startPostern } from './peers/postern.js';
import { redisInstalled } from './peers/redis.js';
import { rspamdInstalled, startRspamd } from './peers/rspamd.js';
import { spamAssassinInstalled, startSpamAssassin } from './peers/spamassassin.js';

/**
 * `npm run bench:peers`: postern beside Rspamd and SpamAssassin on the same messages in the same run, all offline and all reading
 * authentication from the receiving server's own field. postern's figure is the whole way, from HTTP upload to a stored, sealed
 * verdict; the peers store nothing. Rounds alternate, because a shared machine's speed drifts; ratios are what counts.
 */
interface Peer {
  readonly name: string;
  readonly messages: number;
  check(raw: Uint8Array): Promise<boolean>;
  /** CPU seconds so far of the scanner's own processes, and of the database behind it. */
  cpu(): { readonly own: number; readonly database: number };
  stop(): Promise<void>;
}

interface Round {
  readonly perSecond: number;
  readonly medianMs: number;
  readonly p99Ms: number;
  readonly cpuMs: number;
  readonly databaseCpuMs: number;
}

const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '1500' },
    rounds: { type: 'string', default: '3' },
    warm: { type: 'string', default: '2' },
    /** Messages that postern has had before: its code is compiled while it runs, and it runs for weeks. */
    settle: { type: 'string', default: '10000' },
    /** Messages of each kind that Bayes filters learn before. */
    learn: { type: 'string', default: '1000' },
  },
});

async function main(): Promise<void> {
  const corpus = await loadCorpus();
  if (corpus === null) return;
  const wanted = Number(values.messages);
  const step = Math.max(1, Math.floor(corpus.length / wanted));
  const chosen = corpus.filter((_, index) => index % step === 0);
  const messages = await Promise.all(chosen.map((entry) => readFile(entry.path)));
  const taken = new Set(chosen);
  const peers = await startAll(
    messages.length,
    corpus.filter((entry) => !taken.has(entry)),
  );
  try {
    const results = new Map<string, Round[]>();
    const [postern] = peers;
    if (postern !== undefined) results.set('postern, just begun', [await drive(postern, messages.slice(0, 500), 8)]);
    for (let had = 500; postern !== undefined && had < Number(values.settle); had += messages.length)
      await drive(postern, messages, 8);
    for (let round = -Number(values.warm); round < Number(values.rounds); round++) {
      for (const peer of peers) {
        for (const clients of [8, 2]) {
          const figures = await drive(peer, messages.slice(0, peer.messages), clients);
          const key = `${peer.name.padEnd(14)} ${clients} clients`;
          // The first rounds warm caches and compilers on every side.
          if (round >= 0) results.set(key, [...(results.get(key) ?? []), figures]);
        }
      }
    }
    print(results);
  } finally {
    await Promise.all(peers.map((peer) => peer.stop()));
  }
}

async function startAll(count: number, others: readonly CorpusEntry[]): Promise<Peer[]> {
  const postern = await startPostern('mx.corp.example');
  const peers: Peer[] = [
    {
      name: 'postern',
      messages: count,
      check: async (raw) => (await postern.upload(raw)).label !== 'safe',
      cpu: () => {
        // The embedded server is a child of postern's.
        const database = cpuSeconds(postern.databasePid);
        return { own: cpuSeconds(postern.pid) - database, database };
      },
      stop: () => postern.stop(),
    },
  ];
  if (rspamdInstalled()) {
    peers.push(await rspamdPeer('Rspamd', count, null));
    if (redisInstalled()) peers.push(await rspamdPeer('Rspamd + Bayes', count, others));
    else console.error('Redis is not installed: Rspamd is left out with its Bayes filter.');
  } else console.error('Rspamd is not installed: left out.');
  if (spamAssassinInstalled()) {
    const spamd = await startSpamAssassin(2);
    peers.push({
      name: 'SpamAssassin',
      messages: Math.min(count, 100),
      check: async (raw) => (await spamd.check(raw)).spam,
      cpu: () => ({ own: cpuSeconds(spamd.pid), database: 0 }),
      stop: () => spamd.stop(),
    });
  } else console.error('SpamAssassin is not installed: left out.');
  return peers;
}

async function rspamdPeer(name: string, count: number, training: readonly CorpusEntry[] | null): Promise<Peer> {
  const rspamd = await startRspamd(2, training !== null);
  for (const kind of training === null ? [] : (['spam', 'ham'] as const)) {
    const wanted = (training ?? []).filter(({ label }) => (label === 'ham') === (kind === 'ham'));
    const step = Math.max(1, Math.floor(wanted.length / Number(values.learn)));
    for (const { path } of wanted.filter((_, index) => index % step === 0))
      await rspamd.learn(kind, await readFile(path));
  }
  const pool = connectionsTo(rspamd.port);
  return {
    ...{ name, messages: count },
    check: async (body) => {
      const answer = await post({ pool, path: '/checkv2', headers: {}, body });
      return (JSON.parse(answer.body) as { action: string }).action !== 'no action';
    },
    cpu: () => ({ own: cpuSeconds(rspamd.pid), database: rspamd.redisPid === 0 ? 0 : cpuSeconds(rspamd.redisPid) }),
    stop: async () => {
      await pool.destroy();
      await rspamd.stop();
    },
  };
}

/** Sends every message once with so many clients at a time. */
async function drive(peer: Peer, messages: readonly Buffer[], clients: number): Promise<Round> {
  const times: number[] = [];
  let next = 0;
  const before = peer.cpu();
  const start = performance.now();
  await Promise.all(
    Array.from({ length: clients }, async () => {
      for (let raw = messages[next++]; raw !== undefined; raw = messages[next++]) {
        const sent = performance.now();
        await peer.check(raw);
        times.push(performance.now() - sent);
      }
    }),
  );
  const seconds = (performance.now() - start) / 1000;
  const after = peer.cpu();
  times.sort((a, b) => a - b);
  return {
    perSecond: messages.length / seconds,
    medianMs: times[Math.floor(times.length / 2)] ?? 0,
    p99Ms: times[Math.floor(times.length * 0.99)] ?? 0,
    cpuMs: ((after.own - before.own) * 1000) / messages.length,
    databaseCpuMs: ((after.database - before.database) * 1000) / messages.length,
  };
}

function print(results: ReadonlyMap<string, readonly Round[]>): void {
  console.log('Medians of the rounds; CPU in milliseconds a message.\n');
  console.log('                          msg/s   median ms   p99 ms   CPU ms   database CPU ms');
  const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN;
  for (const [name, rounds] of results) {
    const of = (pick: (round: Round) => number): number => median(rounds.map(pick));
    console.log(
      name.padEnd(24) +
        of((round) => round.perSecond)
          .toFixed(0)
          .padStart(7) +
        of((round) => round.medianMs)
          .toFixed(2)
          .padStart(12) +
        of((round) => round.p99Ms)
          .toFixed(1)
          .padStart(9) +
        of((round) => round.cpuMs)
          .toFixed(2)
          .padStart(9) +
        of((round) => round.databaseCpuMs)
          .toFixed(2)
          .padStart(12),
    );
  }
  const rate = (name: string): number =>
    median((results.get(`${name.padEnd(14)} 8 clients`) ?? []).map((round) => round.perSecond));
  for (const name of ['Rspamd', 'Rspamd + Bayes', 'SpamAssassin']) {
    const ratio = rate('postern') / rate(name);
    if (Number.isFinite(ratio))
      console.log(`At eight clients postern handles ${ratio.toFixed(2)} times as many messages a second as ${name}.`);
  }
}

await main();
