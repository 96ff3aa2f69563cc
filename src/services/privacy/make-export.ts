import { z } from 'zod';
import { pack } from '../../crypto/packing.js';
import { seal } from '../../crypto/sealing.js';
import { toMboxEntry } from '../../mail/mbox.js';
import type { ExportFile } from '../../store/interfaces/privacy.js';
import type { Actor, ScanPosition, ScanRow } from '../../store/store.js';
import type { Parts } from '../context.js';
import { openContent } from '../scans/content/sealed-content.js';
import { toStoredScan } from '../scans/stored-scan.js';
import { exportBound } from './exports.js';

const AT_ONCE = 50;

/** As `startExport` queued it; the tenant was stamped by the database. */
const Payload = z.object({ tenant_id: z.uuid(), user_id: z.uuid(), export_id: z.uuid() });

/**
 * Writes an export: one JSON object a line (account, sessions, passkeys, identities, API keys, mailboxes, what the organisation's
 * directory and provider say, reports, consents, wrong verdicts, log, scans), and the stored messages as mbox. It acts as the person, so that it finds what they could see and nothing else. May run twice: it begins anew.
 */
export async function makeExport(parts: Pick<Parts, 'store' | 'keys' | 'log'>, payload: unknown): Promise<void> {
  const { tenant_id: tenantId, user_id: userId, export_id: id } = Payload.parse(payload);
  const { store, keys } = parts;
  const actor: Actor = { kind: 'user', userId, role: 'org_member' };
  const inTenant = <T>(work: Parameters<typeof store.withTenant<T>>[2]) => store.withTenant(tenantId, actor, work);
  const key = await keys.dataKey(tenantId);
  const written: Record<ExportFile, number> = { json: 0, mbox: 0 };
  const write = async (file: ExportFile, content: Uint8Array): Promise<void> => {
    if (content.length === 0) return;
    const no = written[file];
    written[file] += 1;
    const sealed = seal(key, exportBound(id, file, no), pack(content));
    await inTenant(({ privacy }) => privacy.addPart(id, userId, file, no, sealed));
  };
  const lines = (entries: readonly unknown[]) =>
    Buffer.from(entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
  await inTenant(async ({ privacy }) => {
    await privacy.clearParts(id);
    await privacy.updateExport(id, 'running', 0);
  });
  await write('json', lines(await aboutPerson()));
  let done = 0;
  for (let after: ScanPosition | null = null; ;) {
    const position: ScanPosition | null = after;
    const rows: readonly ScanRow[] = await inTenant(({ scans }) => scans.list({}, AT_ONCE, position));
    await write('json', lines(rows.map((row) => ({ kind: 'scan', ...toStoredScan(row) }))));
    for (const row of rows) await write('mbox', await mboxOf(row));
    done += rows.length;
    await inTenant(({ privacy }) => privacy.updateExport(id, 'running', done));
    after = rows.at(-1) ?? null;
    if (rows.length < AT_ONCE) break;
  }
  await inTenant(({ privacy }) => privacy.updateExport(id, 'ready', done));

  async function aboutPerson(): Promise<readonly unknown[]> {
    const { user, sessions, passkeys, identities } = await store.withSystem('sign-in', async (db) => ({
      user: await db.findUserById(userId),
      sessions: await db.accounts.listSessions(userId),
      passkeys: await db.secondFactors.passkeys.list(userId),
      identities: await db.identities.list(userId),
    }));
    const { consents, said, events, apiKeys, reports, mailboxes } = await inTenant(
      async ({ privacy, audit, feedback, apiKeys: ownKeys, mailboxes: ownMailboxes }) => ({
        consents: await privacy.consents(),
        said: await privacy.saidOfMe(),
        events: await audit.list(10_000),
        reports: await feedback.by(userId),
        apiKeys: await ownKeys.list(),
        mailboxes: await ownMailboxes.list(),
      }),
    );
    const { id: person, email, displayName, memberships } = user ?? { id: userId };
    return [
      { kind: 'account', id: person, email, display_name: displayName, memberships },
      ...sessions.map((session) => ({ kind: 'session', ...session })),
      ...passkeys.map(({ name, createdAt, lastUsedAt }) => ({ kind: 'passkey', name, createdAt, lastUsedAt })),
      ...identities.map((identity) => ({ kind: 'identity', ...identity })),
      ...apiKeys.map((apiKey) => ({ kind: 'api-key', ...apiKey })),
      ...mailboxes.map(({ provider, address, status, createdAt, connectedAt, disconnectedAt }) => ({
        ...{ kind: 'mailbox', provider, address, status, createdAt, connectedAt, disconnectedAt },
      })),
      ...said,
      ...consents.map(({ kind, ...consent }) => ({ kind: 'consent', to: kind, ...consent })),
      ...reports.map(({ kind, ...report }) => ({ kind: 'feedback', says: kind, ...report })),
      ...events.map((event) => ({ kind: 'event', ...event })),
    ];
  }

  async function mboxOf(row: ScanRow): Promise<Uint8Array> {
    const sealed = await inTenant(({ contents }) => contents.get(row.id));
    if (sealed === null) return new Uint8Array();
    return toMboxEntry(await openContent(keys, tenantId, row.id, sealed), row.createdAt);
  }
}
