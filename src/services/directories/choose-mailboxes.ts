import type { DirectoryChoice } from '../../store/interfaces/directories.js';
import { confirmAdministrator } from '../accounts/confirm-identity.js';
import { actorOf } from '../context.js';
import type { MemberContext } from '../context.js';
import { authorize } from '../permissions.js';
import { requireDirectory } from './find-directory.js';
import { toDirectoryView } from './directory-view.js';
import type { DirectoryView } from './directory-view.js';

/**
 * Which mailboxes are connected: everybody's, those of a group, or those that are named. The directory is read at once; whoever is chosen
 * no longer is disconnected. Throws `directory.not-found`, `account.confirmation-needed`.
 */
export async function chooseMailboxes(call: {
  readonly ctx: MemberContext;
  readonly input: {
    readonly id: string;
    readonly choice: DirectoryChoice;
    readonly password?: string | undefined;
  };
}): Promise<DirectoryView> {
  const { ctx, input } = call;
  authorize(ctx, 'directory.manage');
  await confirmAdministrator(ctx, input.password);
  const { mode, group, people, backfillDays } = input.choice;
  const row = await ctx.parts.store.withTenant(ctx.identity.tenantId, actorOf(ctx), async (db) => {
    const before = await requireDirectory(db, input.id);
    await db.directories.choose(before.id, input.choice);
    await db.mailboxes.leaveNobodyOut(before.id);
    await db.enqueue('read-directory', { directory_id: before.id }, { key: before.id });
    await db.audit.append({
      ...{ action: 'directory.mailboxes-chosen', target: before.id, outcome: 'succeeded' },
      details: {
        mode,
        backfill_days: backfillDays,
        ...(group === null ? {} : { group: group.name }),
        people: people.length,
      },
    });
    return await requireDirectory(db, before.id);
  });
  return toDirectoryView(row);
}
