import { keyOf } from '../api-keys/key-of.js';
import { actorOf } from '../context.js';
import type { MemberContext } from '../context.js';
import { authorize } from '../permissions.js';
import { endAtProvider, sentencesOf } from './consent/revoke-access.js';
import { requireMailbox, requireManageable } from './find-mailbox.js';
import { toMailboxView } from './mailbox-view.js';
import type { MailboxView } from './mailbox-view.js';

const NO_ANSWER =
  'The provider did not answer, so what it granted postern may still stand there. Remove it in your account.';

export interface Disconnected {
  readonly mailbox: MailboxView;
  readonly revoked: boolean;
  /** What the provider still holds, in sentences. */
  readonly still_held: readonly string[];
}

/**
 * Destroys the credentials first, whatever the provider answers afterwards; then ends there what can be ended. Verdicts stay until
 * they expire. Throws `mailbox.not-found`.
 */
export async function disconnectMailbox(call: {
  readonly ctx: MemberContext;
  readonly input: { readonly id: string };
}): Promise<Disconnected> {
  const { ctx, input } = call;
  authorize(ctx, 'mailbox.manage');
  const { store } = ctx.parts;
  const { tenantId, userId } = ctx.identity;
  const before = await store.withTenant(tenantId, actorOf(ctx), async (db) => {
    const row = await requireMailbox(db, input.id);
    requireManageable(ctx, row);
    if (row.directoryId !== null) await db.mailboxes.setLeftOut(row.id, true);
    await db.mailboxes.disconnect(row.id);
    await db.audit.append({
      action: 'mailbox.disconnected',
      target: row.id,
      outcome: 'succeeded',
      details: { provider: row.provider, address: row.address, ...keyOf(ctx) },
    });
    await db.mailboxes.announce(row.id);
    return row;
  });
  const report = before.credentials === null ? null : await endAtProvider(ctx.parts, tenantId, before);
  const stillHeld = report === null ? before.stillHeld : sentencesOf(report, NO_ANSWER);
  const row = await store.withTenant(tenantId, actorOf(ctx), async (db) => {
    await db.mailboxes.setStillHeld(before.id, stillHeld);
    await db.mailboxes.announce(before.id);
    return await requireMailbox(db, before.id);
  });
  return { mailbox: toMailboxView(row, userId), revoked: report?.revoked ?? false, still_held: stillHeld };
}
