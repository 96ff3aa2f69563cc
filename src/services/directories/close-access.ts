import { actorOf } from '../context.js';
import type { MemberContext } from '../context.js';
import { authorize } from '../permissions.js';
import { requireDirectory } from './find-directory.js';

const STILL_HELD = {
  gmail: [
    'Notifications that Google sends about these mailboxes are ignored, and end by themselves within seven days.',
    'The delegation stays in the Google Admin console, under Security, API controls, Domain-wide delegation, until an administrator removes it; postern has destroyed the key.',
  ],
  'microsoft-graph': [
    'The application stays in the Entra admin center, under App registrations, with its permissions, until an administrator removes it; postern has destroyed its secret.',
    'Notifications that Microsoft sends about these mailboxes are ignored, and end by themselves within seven days.',
  ],
} as const;

export interface ClosedAccess {
  readonly disconnected: number;
  /** What the provider still holds, in sentences. */
  readonly still_held: readonly string[];
}

/** Disconnects every mailbox of the access and destroys what opened them. Verdicts stay until they expire. Throws `directory.not-found`. */
export async function closeAccess(call: {
  readonly ctx: MemberContext;
  readonly input: { readonly id: string };
}): Promise<ClosedAccess> {
  const { ctx, input } = call;
  authorize(ctx, 'directory.manage');
  const { store, mailboxes } = ctx.parts;
  const { tenantId, userId } = ctx.identity;
  const { ended, provider } = await store.withTenant(tenantId, actorOf(ctx), async (db) => {
    // First: who is connecting mailboxes with it is waited for, and what they connected is seen below.
    await db.directories.lock(input.id);
    const row = await requireDirectory(db, input.id);
    const ids: string[] = [];
    for (const mailbox of await db.mailboxes.listOfDirectory(row.id)) {
      if (mailbox.status !== 'disconnected') {
        await db.mailboxes.disconnect(mailbox.id);
        await db.mailboxes.setStillHeld(mailbox.id, STILL_HELD[row.provider]);
        await db.mailboxes.announce(mailbox.id);
        ids.push(mailbox.id);
      }
      await db.mailboxes.assign(mailbox.id, { ownerId: mailbox.ownerId, directoryId: null, personId: null });
    }
    await db.directories.remove(row.id);
    await db.privacy.addConsent(userId, 'mailbox', false);
    await db.audit.append({
      ...{ action: 'directory.closed', target: row.id, outcome: 'succeeded' },
      details: { provider: row.provider, disconnected: ids.length },
    });
    return { ended: ids, provider: row.provider };
  });
  for (const id of ended) await mailboxes.connectors.drop(id);
  return { disconnected: ended.length, still_held: STILL_HELD[provider] };
}
