import { ConnectorFault } from '../../connectors/connector.js';
import { PosternError } from '../../errors.js';
import type { MailboxRow } from '../../store/interfaces/mailbox-rows.js';
import type { TenantDb } from '../../store/store.js';
import { actorOf } from '../context.js';
import type { MemberContext } from '../context.js';

/** Throws `mailbox.not-found` where there is none or it is not the member's to see: which of them is not told. */
export async function requireMailbox(db: TenantDb, id: string): Promise<MailboxRow> {
  const row = await db.mailboxes.get(id);
  if (row === null) throw mailboxNotFound();
  return row;
}

/** What the organisation has connected for everybody is not one member's to stop. Throws `mailbox.of-organisation`. */
export function requireManageable({ identity }: MemberContext, row: MailboxRow): void {
  if (row.directoryId === null || identity.role === 'org_admin' || identity.role === 'org_owner') return;
  const what = 'Your organisation has connected this mailbox. Its administrators can pause or disconnect it.';
  throw new PosternError('mailbox.of-organisation', what);
}

/** The member's own, connected: administrators see that others have mailboxes, but do not read in them. */
export async function requireOwn(ctx: MemberContext, id: string): Promise<MailboxRow> {
  const { tenantId, userId } = ctx.identity;
  const row = await ctx.parts.store.withTenant(tenantId, actorOf(ctx), (db) => requireMailbox(db, id));
  if (row.ownerId !== userId) throw mailboxNotFound();
  if (row.status !== 'connected') {
    throw new PosternError('mailbox.not-connected', 'This mailbox is not connected at the moment.');
  }
  return row;
}

/** What a connector's fault is to somebody who waits for the answer. */
export function toRefusal(error: unknown): unknown {
  if (!(error instanceof ConnectorFault)) return error;
  const cause = error;
  switch (error.kind) {
    case 'auth-revoked':
      return new PosternError('mailbox.login-refused', error.message, { cause });
    case 'not-found':
      return new PosternError('mailbox.message-not-found', error.message, { cause });
    case 'malformed':
      return new PosternError('message.too-large', error.message, { cause });
    case 'cursor-expired':
      return new PosternError('request.cursor-invalid', error.message, { cause });
    case 'rate-limited':
    case 'unavailable':
      return new PosternError('mailbox.unreachable', error.message, { cause });
  }
}

function mailboxNotFound(): PosternError {
  return new PosternError('mailbox.not-found', 'There is no such mailbox.');
}
