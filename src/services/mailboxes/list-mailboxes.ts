import type { MailboxPosition, MailboxState } from '../../store/interfaces/mailbox-rows.js';
import { actorOf } from '../context.js';
import type { MemberContext } from '../context.js';
import { authorize } from '../permissions.js';
import { toMailboxView } from './mailbox-view.js';
import type { MailboxView } from './mailbox-view.js';

export interface ListMailboxes {
  /** Part of the address. */
  readonly text: string | null;
  readonly state: MailboxState | null;
  readonly limit: number;
  readonly cursor: string | null;
}

/**
 * The member's mailboxes, or the tenant's for its administrators, by address; those that were disconnected too. Throws
 * `request.cursor-invalid`.
 */
export async function listMailboxes(call: {
  readonly ctx: MemberContext;
  readonly input: ListMailboxes;
}): Promise<{ readonly items: readonly MailboxView[]; readonly next_cursor: string | null }> {
  const { ctx, input } = call;
  authorize(ctx, 'mailbox.read');
  const { parts, identity } = ctx;
  const { text, state, limit, cursor } = input;
  const scope = `mailboxes ${identity.tenantId}`;
  // Authenticated: what is inside was written below.
  const after = cursor === null ? null : (parts.cursors.read(scope, cursor) as MailboxPosition);
  const rows = await parts.store.withTenant(identity.tenantId, actorOf(ctx), (db) =>
    db.mailboxes.page({ text, state, after, limit: limit + 1 }),
  );
  const shown = rows.slice(0, limit);
  const last = rows.length > limit ? shown.at(-1) : undefined;
  return {
    items: shown.map((row) => toMailboxView(row, identity.userId)),
    next_cursor: last === undefined ? null : parts.cursors.write(scope, { address: last.address, id: last.id }),
  };
}
