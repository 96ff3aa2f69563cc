import type { DirectoryPage } from '../../connectors/directory.js';
import type { MailboxRow } from '../../store/interfaces/mailbox-rows.js';
import { actorOf } from '../context.js';
import type { MemberContext } from '../context.js';
import { authorize } from '../permissions.js';
import { openDirectory, requireDirectory, toDirectoryRefusal } from './find-directory.js';
import type { OpenedDirectory } from './find-directory.js';
import { toDirectoryView } from './directory-view.js';
import type { DirectoryView } from './directory-view.js';

export interface BrowseInput {
  readonly id: string;
  readonly text?: string;
  readonly limit: number;
  readonly cursor: string | null;
  readonly signal: AbortSignal;
}

export interface DirectoryPersonView {
  readonly id: string;
  readonly address: string;
  readonly name: string;
  /** False: suspended or blocked at the provider. */
  readonly active: boolean;
  /** In the choice, where that names people one by one. */
  readonly chosen: boolean;
  readonly mailbox: { readonly id: string; readonly status: MailboxRow['status']; readonly own_way: boolean } | null;
}

/** The organisation's accesses. */
export async function listDirectories({ ctx }: { readonly ctx: MemberContext }): Promise<readonly DirectoryView[]> {
  authorize(ctx, 'directory.manage');
  const rows = await ctx.parts.store.withTenant(ctx.identity.tenantId, actorOf(ctx), (db) => db.directories.list());
  return rows.map(toDirectoryView);
}

/** The people of a directory as they are at the provider, with the mailboxes that are connected. Nothing of it is stored. */
export async function browsePeople(call: { readonly ctx: MemberContext; readonly input: BrowseInput }) {
  const { ctx, input } = call;
  const { items, next } = await browse(ctx, input, 'people', (opened, query, page) =>
    opened.directory.people(query, page, input.signal),
  );
  const { tenantId } = ctx.identity;
  return await ctx.parts.store.withTenant(tenantId, actorOf(ctx), async (db) => {
    const { provider } = await requireDirectory(db, input.id);
    const choices = await db.directories.choices(input.id);
    const shown: DirectoryPersonView[] = [];
    for (const { id, address, name, active } of items) {
      const row = await db.mailboxes.findByAddress(provider, address);
      const mailbox = row === null ? null : { id: row.id, status: row.status, own_way: row.directoryId !== input.id };
      shown.push({ id, address, name, active, chosen: choices.has(id), mailbox });
    }
    return { items: shown, next_cursor: next };
  });
}

export async function browseGroups(call: { readonly ctx: MemberContext; readonly input: BrowseInput }) {
  const { ctx, input } = call;
  const { items, next } = await browse(ctx, input, 'groups', (opened, query, page) =>
    opened.directory.groups(query, page, input.signal),
  );
  return { items, next_cursor: next };
}

async function browse<T>(
  ctx: MemberContext,
  input: BrowseInput,
  what: string,
  ask: (
    opened: OpenedDirectory,
    query: { readonly limit: number; readonly text?: string },
    page: string | null,
  ) => Promise<DirectoryPage<T>>,
): Promise<DirectoryPage<T>> {
  authorize(ctx, 'directory.manage');
  const { store, cursors } = ctx.parts;
  const { tenantId } = ctx.identity;
  const row = await store.withTenant(tenantId, actorOf(ctx), (db) => requireDirectory(db, input.id));
  const scope = `directory ${what} ${tenantId} ${row.id}`;
  const page = input.cursor === null ? null : (cursors.read(scope, input.cursor) as string);
  const opened = openDirectory(ctx.parts, tenantId, row);
  try {
    const query = { limit: input.limit, ...(input.text === undefined ? {} : { text: input.text }) };
    const { items, next } = await ask(opened, query, page);
    return { items, next: next === null ? null : cursors.write(scope, next) };
  } catch (error) {
    throw toDirectoryRefusal(error, opened, row.access);
  }
}
