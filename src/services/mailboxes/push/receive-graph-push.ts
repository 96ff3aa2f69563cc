import { z } from 'zod';
import type { PushedMailbox } from '../../../crypto/push-states.js';
import { PosternError } from '../../../errors.js';
import type { PublicContext } from '../../context.js';
import { queueSync } from './queue-sync.js';

const Notifications = z.object({
  value: z
    .array(z.object({ clientState: z.string().max(128).nullish(), lifecycleEvent: z.string().max(100).nullish() }))
    .max(1000),
});

/**
 * Microsoft says that mailboxes have news, or that something happened to their subscriptions
 * (learn.microsoft.com/graph/change-notifications-lifecycle-events). Each notification proves itself by its client state; those that do
 * not are passed over without a word; `proven` where one did. Throws `request.invalid` for what is no notification.
 */
export async function receiveGraphPush(call: {
  readonly ctx: PublicContext;
  readonly input: { readonly body: unknown };
}): Promise<{ readonly proven: boolean }> {
  const { parts } = call.ctx;
  const read = Notifications.safeParse(call.input.body);
  if (!read.success) throw new PosternError('request.invalid', 'This is no notification of Microsoft Graph.');
  const news = new Map<string, PushedMailbox & { renew: boolean }>();
  let refused = 0;
  for (const { clientState, lifecycleEvent } of read.data.value) {
    const mailbox = parts.consents.pushStates.read(clientState ?? '');
    if (mailbox === null) {
      refused += 1;
      continue;
    }
    const known = news.get(mailbox.mailboxId) ?? { ...mailbox, renew: false };
    // `missed` and plain news: look. `reauthorizationRequired`, `subscriptionRemoved`: renew, and look, since some may be lost.
    known.renew ||= lifecycleEvent === 'reauthorizationRequired' || lifecycleEvent === 'subscriptionRemoved';
    news.set(mailbox.mailboxId, known);
  }
  if (refused > 0) parts.log.warn({ refused }, 'notifications came that do not prove themselves');
  for (const { renew, ...mailbox } of news.values()) {
    if (renew) await renewSoon(call.ctx, mailbox);
    await queueSync(parts, mailbox);
  }
  return { proven: news.size > 0 };
}

async function renewSoon({ parts }: PublicContext, { tenantId, mailboxId }: PushedMailbox): Promise<void> {
  await parts.store.withTenant(tenantId, { kind: 'worker', job: 'receive-push' }, (db) =>
    db.mailboxes.renewPushNow(mailboxId),
  );
}
