import type { SetAsideRow } from '../../store/interfaces/mailbox-rows.js';
import { actorOf } from '../context.js';
import type { MemberContext } from '../context.js';
import { authorize } from '../permissions.js';
import { requireMailbox } from './find-mailbox.js';
import { toMailboxView } from './mailbox-view.js';
import type { MailboxView } from './mailbox-view.js';

const MOST_SET_ASIDE = 100;

export interface MailboxDetail extends MailboxView {
  /** What could not be scanned, newest first. */
  readonly set_aside_messages: readonly {
    readonly message_id: string;
    readonly folder: string;
    readonly received_at: string | null;
    readonly reason: string;
  }[];
}

/** Throws `mailbox.not-found`. */
export async function getMailbox(call: {
  readonly ctx: MemberContext;
  readonly input: { readonly id: string };
}): Promise<MailboxDetail> {
  const { ctx, input } = call;
  authorize(ctx, 'mailbox.read');
  const { tenantId, userId } = ctx.identity;
  return await ctx.parts.store.withTenant(tenantId, actorOf(ctx), async (db) => {
    const row = await requireMailbox(db, input.id);
    const setAside = await db.messages.listSetAside(row.id, MOST_SET_ASIDE);
    return { ...toMailboxView(row, userId), set_aside_messages: setAside.map(shown) };
  });
}

function shown({ messageId, folder, receivedAt, reason }: SetAsideRow): MailboxDetail['set_aside_messages'][number] {
  return { message_id: messageId, folder, received_at: receivedAt?.toISOString() ?? null, reason };
}
