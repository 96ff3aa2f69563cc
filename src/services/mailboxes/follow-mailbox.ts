import { setTimeout as sleep } from 'node:timers/promises';
import type { MemberContext } from '../context.js';
import { getMailbox } from './get-mailbox.js';
import type { MailboxDetail } from './get-mailbox.js';

/** A mailbox being read changes many times a second; nobody reads that fast. */
const PAUSE_MS = 300;
/** A missed notification is made up for, and a member who lost the right to see it stops seeing it. */
const LOOK_AGAIN_MS = 30_000;

export interface MailboxEvent {
  readonly event: 'mailbox';
  readonly data: MailboxDetail;
}

/** The mailbox as it is now, and again whenever it changed, until the signal. Throws `mailbox.not-found` before the first. */
export async function followMailbox(call: {
  readonly ctx: MemberContext;
  readonly input: { readonly id: string; readonly signal: AbortSignal };
}): Promise<AsyncIterable<MailboxEvent>> {
  const { ctx, input } = call;
  const { signal } = input;
  const { events } = ctx.parts.mailboxes;
  // Before it is read: a change in between wakes all the same.
  const watch = (): Promise<void> =>
    events.next(ctx.identity.tenantId, input.id, AbortSignal.any([signal, AbortSignal.timeout(LOOK_AGAIN_MS)]));
  let changed = watch();
  const first = await getMailbox({ ctx, input });
  return (async function* () {
    let last = '';
    for (let data = first; !signal.aborted; data = await getMailbox({ ctx, input })) {
      const text = JSON.stringify(data);
      if (text !== last) yield { event: 'mailbox', data };
      last = text;
      await Promise.all([changed, sleep(PAUSE_MS, undefined, { signal }).catch(() => undefined)]);
      changed = watch();
    }
  })();
}
