import { listMailboxes } from '../api/mailboxes/mailboxes.js';
import { Link } from '../parts/link.js';
import { Notice } from '../parts/notice.js';
import { useLoad } from '../parts/use-load.js';
import { mailboxesPath, mailboxPath } from '../state/router.js';

const MOST = 5;

/** Mailboxes that are not being read because their owner is needed; nothing where all is well. */
export function MailboxesInNeed() {
  const { result } = useLoad('mailboxes', () => listMailboxes({ state: 'attention', limit: MOST }, null));
  const { items, next_cursor: next } = result.state === 'ready' ? result.value : { items: [], next_cursor: null };
  if (items.length === 0) return null;
  const many = next === null ? `${items.length} mailboxes need you` : `More than ${items.length} mailboxes need you`;
  return (
    <Notice title={items.length === 1 ? 'A mailbox needs you' : many}>
      <ul class="mailboxes-in-need">
        {items.map((mailbox) => (
          <li key={mailbox.id}>
            <Link to={mailboxPath(mailbox.id)}>{mailbox.address}</Link> {mailbox.says}
          </li>
        ))}
      </ul>
      {next === null ? null : (
        <p>
          <Link to={mailboxesPath('attention')}>See all of them</Link>
        </p>
      )}
    </Notice>
  );
}
