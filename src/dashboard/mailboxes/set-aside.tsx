import type { MailboxDetail } from '../api/types.js';
import * as format from '../parts/format.js';

/** What could not be scanned, each with its reason. */
export function SetAside({ messages }: { readonly messages: MailboxDetail['set_aside_messages'] }) {
  return (
    <>
      <p class="mailbox-empty">
        These messages could not be scanned, so nothing is known about them. Open them with care. The rest of the
        mailbox went on without them.
      </p>
      <ul class="rows sheet" aria-label="Messages that were set aside">
        {messages.map((message) => (
          <li key={message.message_id} class="aside-row">
            <span>{message.reason}</span>
            <span class="row-from">
              {message.folder}
              {message.received_at === null ? null : `, received ${format.moment(message.received_at)}`}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}
