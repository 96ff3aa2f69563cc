import { addressOfPush } from '../../../connectors/gmail/verify-push.js';
import { PosternError } from '../../../errors.js';
import type { PublicContext } from '../../context.js';
import { queueSync } from './queue-sync.js';

/**
 * Whether Google signed this call for this address. Throws `auth.token-invalid` where it did not, `request.not-found` where push is not
 * set up, `mailbox.unreachable` where Google's keys cannot be had now: Pub/Sub delivers again what is not answered with success.
 */
export async function admitGmailPush(call: {
  readonly ctx: PublicContext;
  readonly input: { readonly bearer: string | null };
}): Promise<void> {
  const verifier = call.ctx.parts.consents.gmailPush;
  if (verifier === null) throw new PosternError('request.not-found', 'There is nothing at this address.');
  const verdict = await verifier.verify(call.input.bearer);
  if (verdict === 'unknown') throw new PosternError('mailbox.unreachable', 'The keys of Google could not be fetched.');
  if (verdict === 'invalid')
    throw new PosternError('auth.token-invalid', 'This was not sent by the push subscription.');
}

/** Pub/Sub says that a Gmail mailbox has news. Only for a call that has been admitted. */
export async function receiveGmailPush(call: {
  readonly ctx: PublicContext;
  readonly input: { readonly body: unknown };
}): Promise<void> {
  const { parts } = call.ctx;
  const address = addressOfPush(call.input.body);
  // Delivered again and again it would not become any better.
  if (address === null) return;
  const found = await parts.store.withSystem('mailboxes', (db) => db.mailboxes.connected('gmail', address));
  await Promise.all(found.map((mailbox) => queueSync(parts, mailbox)));
}
