import { PosternError } from '../../errors.js';
import { keyOf } from '../api-keys/key-of.js';
import { actorOf } from '../context.js';
import type { MemberContext } from '../context.js';
import { authorize } from '../permissions.js';
import { settingsOf, tryLogin } from './connect-imap.js';
import type { ImapLogin } from './connect-imap.js';
import { requireMailbox } from './find-mailbox.js';
import { toMailboxView } from './mailbox-view.js';
import type { MailboxView } from './mailbox-view.js';
import { credentialsOwner } from './open-connectors.js';

/** New credentials for a mailbox that needs them. The cursor stays: what arrived in between is scanned now. */
export async function reconnectImap(call: {
  readonly ctx: MemberContext;
  readonly input: { readonly id: string; readonly login: Partial<ImapLogin> & { readonly password: string } };
}): Promise<MailboxView> {
  const { ctx, input } = call;
  authorize(ctx, 'mailbox.connect');
  const { store, mailboxes } = ctx.parts;
  const { tenantId, userId } = ctx.identity;
  const before = await store.withTenant(tenantId, actorOf(ctx), (db) => requireMailbox(db, input.id));
  if (before.ownerId !== userId || before.provider !== 'imap') {
    throw new PosternError('mailbox.not-found', 'There is no such mailbox.');
  }
  if (before.status === 'disconnected') {
    throw new PosternError('mailbox.not-connected', 'This mailbox has been disconnected. Connect it anew.');
  }
  const login = { ...(before.settings as Omit<ImapLogin, 'password'>), ...input.login };
  await tryLogin(ctx, before.address, login);
  await mailboxes.connectors.drop(before.id);
  const row = await store.withTenant(tenantId, actorOf(ctx), async (db) => {
    const sealed = mailboxes.credentials.seal(credentialsOwner(tenantId, before.id), { password: login.password });
    await db.mailboxes.connect(before.id, sealed, settingsOf(login));
    await db.enqueue('sync-mailbox', { mailbox_id: before.id }, { key: before.id });
    const details = keyOf(ctx);
    await db.audit.append({ action: 'mailbox.reconnected', target: before.id, outcome: 'succeeded', details });
    await db.mailboxes.announce(before.id);
    return await requireMailbox(db, before.id);
  });
  return toMailboxView(row, userId);
}
