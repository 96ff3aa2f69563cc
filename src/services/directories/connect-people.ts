import type { DirectoryPerson } from '../../connectors/directory.js';
import type { DirectoryRow } from '../../store/interfaces/directories.js';
import type { MailboxRow } from '../../store/interfaces/mailbox-rows.js';
import type { TenantDb, TenantId, UserId } from '../../store/store.js';
import type { Parts } from '../context.js';
import { credentialsOwner } from '../mailboxes/open-connectors.js';
import { queueHandOver } from '../mailboxes/sync/hand-over-scans.js';
import type { DirectoryProvider } from './directory-provider.js';

export const DIRECTORY_ACTOR = { kind: 'worker', job: 'read-directory' } as const;
const DAY_MS = 86_400_000;
/** People of one transaction. */
const PORTION = 100;

export interface DirectorySetting {
  readonly tenantId: TenantId;
  readonly row: DirectoryRow;
  readonly provider: DirectoryProvider;
  readonly secret: unknown;
}

/** Connects whoever is not, gives mailboxes to the members they belong to, and tries those again that were refused a day ago. */
export async function connectPeople(
  parts: Parts,
  setting: DirectorySetting,
  people: readonly DirectoryPerson[],
): Promise<void> {
  for (let at = 0; at < people.length; at += PORTION) {
    await parts.store.withTenant(setting.tenantId, DIRECTORY_ACTOR, async (db) => {
      await requireUnchanged(db, setting.row);
      for (const person of people.slice(at, at + PORTION)) await connectPerson(parts, db, setting, person);
    });
  }
}

/** The access was closed, or its key or choice changed, while it was used: what changed it has queued what comes next. */
export class DirectoryChanged extends Error {
  override readonly name = 'DirectoryChanged';
}

async function requireUnchanged(db: TenantDb, { id, version }: DirectoryRow): Promise<void> {
  if (!(await db.directories.hold(id, version))) throw new DirectoryChanged();
}

async function connectPerson(
  parts: Parts,
  db: TenantDb,
  setting: DirectorySetting,
  person: DirectoryPerson,
): Promise<void> {
  const { row } = setting;
  const before = await db.mailboxes.findByAddress(row.provider, person.address);
  // Connected by a person in their own way: that is what they consented to.
  if (before !== null && before.directoryId !== row.id && before.status !== 'disconnected') return;
  if (before?.leftOut === true) return;
  const ownerId = await db.members.byAddress(person.address);
  const same = before !== null && before.personId === person.id;
  if (same && before.directoryId === row.id && before.status !== 'disconnected') {
    if (before.ownerId !== ownerId)
      await db.mailboxes.assign(before.id, { ownerId, directoryId: row.id, personId: person.id });
    if (isHandedOver(before, person, ownerId)) await queueHandOver(db, before.id);
    const rested = parts.now().getTime() - before.connectedAt.getTime() > DAY_MS;
    if (before.status === 'attention' && rested) await open(parts, db, setting, before);
    return;
  }
  const days = row.backfillDays;
  // From this moment on in any case: what arrives before the first look is not missed.
  const since = days === null ? null : new Date(parts.now().getTime() - days * DAY_MS);
  const fresh =
    before ??
    (await db.mailboxes.insert({
      ...{ ownerId, provider: row.provider, address: person.address, settings: {} },
      ...{ backfill: 'running', backfillSince: since },
    }));
  await db.mailboxes.assign(fresh.id, { ownerId, directoryId: row.id, personId: person.id });
  if (before !== null) await db.mailboxes.chooseBackfill(before.id, 'running', since);
  if (before !== null && isHandedOver(before, person, ownerId)) await queueHandOver(db, before.id);
  // Not from where it stood when it was let go, nor where another person's stood that had this address: what is read is what was chosen.
  await open(parts, db, setting, fresh, null);
  const passedOn = before !== null && before.status !== 'disconnected';
  // What tells of news in the first one's mailbox tells nothing of this.
  if (passedOn) await db.mailboxes.keepPush(fresh.id, null, 0);
  await db.audit.append({
    ...{ action: passedOn ? 'mailbox.reconnected' : 'mailbox.connected', target: fresh.id, outcome: 'succeeded' },
    details: { provider: row.provider, address: person.address, access: row.access, directory: row.id },
  });
}

/** What was read of nobody's is theirs; but an address that the directory has given to another person since opens nothing of the first. */
function isHandedOver(before: MailboxRow, person: DirectoryPerson, ownerId: UserId | null): boolean {
  return ownerId !== null && before.ownerId !== ownerId && before.personId === person.id;
}

async function open(
  { mailboxes }: Parts,
  db: TenantDb,
  { tenantId, row, provider, secret }: DirectorySetting,
  mailbox: MailboxRow,
  cursor?: null,
): Promise<void> {
  const owner = credentialsOwner(tenantId, mailbox.id);
  const sealed = mailboxes.credentials.seal(owner, provider.mailboxSecret(secret, row.access));
  await db.mailboxes.connect(mailbox.id, sealed, { access: row.access }, cursor);
  await db.enqueueLater('sync-mailbox', { mailbox_id: mailbox.id }, { key: mailbox.id, rank: 5 });
  await db.mailboxes.announce(mailbox.id);
}

/** Disconnects whoever is not wanted any more (`wanted`: address by person): gone, suspended, out of the group or of the choice. */
export async function disconnectGone(
  parts: Parts,
  { tenantId, row }: DirectorySetting,
  wanted: ReadonlyMap<string, string>,
): Promise<void> {
  const gone = await parts.store.withTenant(tenantId, DIRECTORY_ACTOR, async (db) => {
    await requireUnchanged(db, row);
    const of = await db.mailboxes.listOfDirectory(row.id);
    const ended = of.filter(
      // Who has a new address is connected under that one.
      ({ status, personId, address }) => status !== 'disconnected' && wanted.get(personId ?? '') !== address,
    );
    for (const mailbox of ended) {
      await db.mailboxes.disconnect(mailbox.id);
      await db.audit.append({
        ...{ action: 'mailbox.disconnected', target: mailbox.id, outcome: 'succeeded' },
        details: { provider: mailbox.provider, address: mailbox.address, reason: 'no longer in the choice' },
      });
      await db.mailboxes.announce(mailbox.id);
    }
    return ended;
  });
  for (const { id } of gone) await parts.mailboxes.connectors.drop(id);
}
