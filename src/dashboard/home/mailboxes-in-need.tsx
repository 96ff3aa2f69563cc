import { listMailboxes } from '../api/mailboxes/mailboxes.js';
import { Link } from '../parts/link.js';
import { Notice } from '../parts/notice.js';
import { useLoad } from '../parts/use-load.js';
import { mailboxPath } from '../state/router.js';

/** Mailboxes that are not being read because their owner is needed; nothing where all is well. */
export function MailboxesInNeed() {
  const { result } = useLoad('mailboxes', listMailboxes);
  const needy = result.state === 'ready' ? result.value.filter(({ state }) => state === 'attention') : [];
  if (needy.length === 0) return null;
  return (
    <Notice title={needy.length === 1 ? 'A mailbox needs you' : `${needy.length} mailboxes need you`}>
      <ul class="mailboxes-in-need">
        {needy.map((mailbox) => (
          <li key={mailbox.id}>
            <Link to={mailboxPath(mailbox.id)}>{mailbox.address}</Link> {mailbox.says}
          </li>
        ))}
      </ul>
    </Notice>
  );
}
