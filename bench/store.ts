// Measures the store on its own embedded PostgreSQL, fsync on: node dist/bench/store.js [rows]
import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog } from '../src/log.js';
import { connect } from '../src/store/connect.js';
import { startEmbeddedPostgres } from '../src/store/embedded/start.js';
import { migrate } from '../src/store/migrate.js';
import { openStore } from '../src/store/open-store.js';
import type { Actor, NewScan, TenantDb } from '../src/store/store.js';

const ROWS = Number(process.argv[2] ?? 100_000);
const dataDir = mkdtempSync(join(tmpdir(), 'postern-bench-'));
chmodSync(dataDir, 0o711);
const log = createLog('silent');

const started = performance.now();
const postgres = await startEmbeddedPostgres({ dataDir, log });
print('start with a new data folder', performance.now() - started);
const migrating = performance.now();
await migrate(postgres.ownerUrl, postgres.appUrl);
print('all migrations', performance.now() - migrating);
const store = await openStore({ appUrl: postgres.appUrl });
const url = new URL(postgres.administratorUrl);
url.pathname = '/postern';
const admin = connect(url.href, { max: 1, applicationName: 'bench' });

const [tenant, user] = [randomUUID(), randomUUID()];
await admin`insert into postern.tenants (tenant_id, name, kind, retention_days) values (${tenant}, 'bench', 'organisation', 365)`;
const creating = performance.now();
await admin`select postern.create_day((now() at time zone 'UTC')::date + ahead) from generate_series(0, 372) ahead`;
print('373 days of partitions', performance.now() - creating);

// A year of scans, one in ten the member's own; verdicts of a typical 4 KB.
const filling = performance.now();
await admin`
  insert into postern.scans (tenant_id, scan_id, expires_on, expires_at, created_at, owner_id, source, sha256, size, subject, from_name,
    from_address, label, score, milliseconds, verdict)
  select ${tenant}, 'zzz-' || lpad(n::text, 22, '0'), (at at time zone 'UTC')::date, at, at - interval '365 days',
    case when n % 10 = 0 then ${user}::uuid else gen_random_uuid() end, 'upload', md5(n::text), 20000, 'Subject ' || md5(n::text),
    'Sender ' || n % 1000, 'sender' || n % 1000 || '@example.test', (array['safe', 'phishing', 'spam'])[1 + n % 3], n % 100, 12,
    jsonb_build_object('findings', (select jsonb_agg(md5((n * f)::text)) from generate_series(1, 100) f))
  from (select n, now() + interval '1 hour' + n * interval '364 days' / ${ROWS} as at from generate_series(1, ${ROWS}::int) n) s`;
await admin`analyze`;
await admin`checkpoint`;
print(`filling with ${ROWS} scans`, performance.now() - filling);

const member: Actor = { kind: 'user', userId: user, role: 'org_member' };
const administrator: Actor = { kind: 'user', userId: randomUUID(), role: 'org_admin' };
const as = (actor: Actor, work: (db: TenantDb) => Promise<unknown>) => () => store.withTenant(tenant, actor, work);
const scan: NewScan = {
  ...{ ownerId: user, mailboxId: null, source: 'upload', sha256: 'a'.repeat(64), size: 20_000 },
  ...{ subject: 'Your account', fromName: 'Support', fromAddress: 'support@example.test', messageDate: null },
  ...{ label: 'phishing', score: 91.5, milliseconds: 12 },
  verdict: { findings: Array.from({ length: 100 }, () => randomBytes(16).toString('hex')) },
  indicators: Array.from({ length: 12 }, (_, i) => ({ kind: 'url', value: `https://host-${i}.example.test/path` })),
};
const sealed = randomBytes(12_000);
const ids: string[] = [];
// The id is reserved before the content can be sealed, in a transaction of its own.
const reserve = () => store.withTenant(tenant, member, ({ scans }) => scans.reserveId());
const reserved = await Promise.all(Array.from({ length: 3000 }, reserve));
const add = as(member, async ({ scans, audit }) => {
  const { id, expiresAt } = reserved.pop() ?? assert.fail('too few ids');
  await Promise.all([
    scans.insert(id, expiresAt, scan, sealed),
    audit.append({ action: 'scan.created', target: id, outcome: 'succeeded', details: {} }),
  ]);
  ids.push(id);
});
const anyId = () => ids[Math.floor(Math.random() * ids.length)] ?? '';

await measure(
  'transaction with one statement',
  500,
  as(member, ({ profile }) => profile.get()),
);
await measure('reserve an id', 500, reserve);
await measure('store scan, content, 12 indicators, audit', 500, add);
await rate('the same, 8 at a time', 1000, 8, add);
await measure(
  'scan by id',
  500,
  as(member, ({ scans }) => scans.get(anyId())),
);
await measure(
  'content by id',
  500,
  as(member, ({ contents }) => contents.get(anyId())),
);
await measure(
  'newest 50 of the tenant',
  200,
  as(administrator, ({ scans }) => scans.list({}, 50, null)),
);
await measure(
  'newest 50 of a member',
  200,
  as(member, ({ scans }) => scans.list({}, 50, null)),
);
await measure(
  'newest 50 with one label',
  100,
  as(administrator, ({ scans }) => scans.list({ labels: ['spam'] }, 50, null)),
);
await measure(
  'newest 50 by sender, common',
  50,
  as(administrator, ({ scans }) => scans.list({ sender: 'sender42' }, 50, null)),
);
await measure(
  'subject that nothing has',
  10,
  as(administrator, ({ scans }) => scans.list({ subject: 'nothing' }, 50, null)),
);
await measure(
  'overview of 30 days',
  20,
  as(administrator, ({ scans }) => scans.countsByDay(new Date(Date.now() - 30 * 86_400_000))),
);
await measure(
  'overview of everything',
  10,
  as(administrator, ({ scans }) => scans.countsByDay(new Date(0))),
);
await measure(
  'delete a scan',
  200,
  as(member, ({ scans }) => scans.delete(ids.pop() ?? '')),
);

await admin.end();
await store.close();
const stopping = performance.now();
await postgres.stop();
print('stop', performance.now() - stopping);
const again = performance.now();
const warm = await startEmbeddedPostgres({ dataDir, log });
print('start with an existing data folder', performance.now() - again);
await warm.stop();
rmSync(dataDir, { recursive: true });

async function measure(name: string, times: number, work: () => Promise<unknown>): Promise<void> {
  for (let i = 0; i < 5; i += 1) await work();
  const taken: number[] = [];
  for (let i = 0; i < times; i += 1) {
    const from = performance.now();
    await work();
    taken.push(performance.now() - from);
  }
  taken.sort((a, b) => a - b);
  print(name, taken[Math.floor(times / 2)] ?? 0, taken[Math.floor(times * 0.95)] ?? 0);
}

async function rate(name: string, times: number, parallel: number, work: () => Promise<unknown>): Promise<void> {
  const from = performance.now();
  await Promise.all(
    Array.from({ length: parallel }, async () => {
      for (let i = 0; i < times / parallel; i += 1) await work();
    }),
  );
  console.log(`${name.padEnd(44)} ${((times / (performance.now() - from)) * 1000).toFixed(0).padStart(9)} a second`);
}

function print(name: string, median: number, p95?: number): void {
  const rest = p95 === undefined ? '' : `   95 % within ${p95.toFixed(2)} ms`;
  console.log(`${name.padEnd(44)} ${median.toFixed(2).padStart(9)} ms${rest}`);
}
