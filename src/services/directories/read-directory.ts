import { ConnectorFault } from '../../connectors/connector.js';
import type { Directory, DirectoryPage, DirectoryPerson } from '../../connectors/directory.js';
import type { DirectoryRow } from '../../store/interfaces/directories.js';
import type { TenantDb, TenantId } from '../../store/store.js';
import type { Parts } from '../context.js';
import { connectPeople, DIRECTORY_ACTOR, DirectoryChanged, disconnectGone } from './connect-people.js';
import { openDirectory } from './find-directory.js';

const PAGE = 500;
const PATIENCE_MS = 15 * 60_000;
const AT_ONCE = 50;

/** Queues the directories whose time has come: people come and go. */
export async function queueDueDirectories({ store }: Pick<Parts, 'store'>): Promise<void> {
  for (const { tenantId, directoryId } of await store.withSystem('mailboxes', (db) => db.directories.takeDue(AT_ONCE)))
    await store.withTenant(tenantId, DIRECTORY_ACTOR, (db) =>
      db.enqueueLater('read-directory', { directory_id: directoryId }, { key: directoryId, rank: 5 }),
    );
}

/**
 * Reads a directory whole and brings the mailboxes in line with it: who is new is connected, who is gone is disconnected. What could not
 * be read to its end changes nothing.
 */
export async function readDirectory(
  parts: Parts,
  input: { readonly tenantId: TenantId; readonly directoryId: string },
): Promise<void> {
  const { store } = parts;
  const { tenantId, directoryId } = input;
  const run = <T>(work: (db: TenantDb) => Promise<T>): Promise<T> => store.withTenant(tenantId, DIRECTORY_ACTOR, work);
  const begun = await run(async (db) => {
    const row = await db.directories.get(directoryId);
    return row === null ? null : { row, choices: await db.directories.choices(directoryId) };
  });
  if (begun === null || begun.row.mode === 'none') return;
  const { row, choices } = begun;
  const opened = openDirectory(parts, tenantId, row);
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const everybody = await wantedPeople(opened.directory, row, choices, signal);
    const people = everybody.filter(({ active }) => active);
    if (people.length === 0 && row.connected > 0 && row.mode !== 'some')
      throw new ConnectorFault('auth-revoked', 'The directory came back without anybody, so nothing was disconnected.');
    const setting = { tenantId, row, provider: opened.provider, secret: opened.secret };
    await connectPeople(parts, setting, people);
    await disconnectGone(parts, setting, new Map(people.map(({ id, address }) => [id, address])));
    await run((db) => db.directories.wasRead(row.id, people.length));
  } catch (error) {
    if (error instanceof DirectoryChanged) return;
    if (!(error instanceof ConnectorFault)) throw error;
    const lasting = error.kind !== 'rate-limited' && error.kind !== 'unavailable';
    parts.log.warn({ directory: row.id, fault: error.kind }, 'a directory could not be read');
    if (!lasting) return;
    await run(async (db) => {
      const reason = opened.provider.explain(error, opened.secret, row.access);
      const before = await db.directories.get(row.id);
      await db.directories.needsAttention(row.id, reason);
      if (before?.attention === reason) return;
      const details = { reason };
      await db.audit.append({ action: 'directory.needs-attention', target: row.id, outcome: 'succeeded', details });
    });
  }
}

async function wantedPeople(
  directory: Directory,
  row: DirectoryRow,
  choices: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<readonly DirectoryPerson[]> {
  const { groupId } = row;
  if (row.mode === 'group' && groupId !== null) {
    const members = new Set(
      (await wholeList((page) => directory.members(groupId, PAGE, page, signal))).map(({ id }) => id),
    );
    // Groups tell neither names nor who is suspended.
    return (await wholeList((page) => directory.people({ limit: PAGE }, page, signal))).filter(({ id }) =>
      members.has(id),
    );
  }
  const everybody = await wholeList((page) => directory.people({ limit: PAGE }, page, signal));
  return row.mode === 'some' ? everybody.filter(({ id }) => choices.has(id)) : everybody;
}

async function wholeList<T>(fetchPage: (page: string | null) => Promise<DirectoryPage<T>>): Promise<readonly T[]> {
  const all: T[] = [];
  let page: string | null = null;
  do {
    const { items, next }: DirectoryPage<T> = await fetchPage(page);
    all.push(...items);
    page = next;
  } while (page !== null);
  return all;
}
