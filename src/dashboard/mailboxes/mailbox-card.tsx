import type { ConnectedMailbox } from '../api/types.js';
import * as format from '../parts/format.js';
import { Link } from '../parts/link.js';
import { mailboxPath } from '../state/router.js';
import { BackfillProgress } from './backfill-progress.js';
import { PROVIDER_NAMES } from './mailbox-words.js';
import { StateMark } from './state-mark.js';

/** One of the list: which it is and how it is. */
export function MailboxCard({ mailbox }: { readonly mailbox: ConnectedMailbox }) {
  const facts = [
    PROVIDER_NAMES[mailbox.provider],
    format.count(mailbox.scanned, 'message scanned', 'messages scanned'),
    mailbox.last_message_at === null ? null : `newest ${format.recently(mailbox.last_message_at)}`,
    mailbox.own ? null : mailbox.owner_id === null ? 'of the organisation' : 'of another person',
    mailbox.reports === null ? null : 'takes reports',
  ].filter((fact) => fact !== null);
  return (
    <li class="sheet mailbox-card">
      <div class="mailbox-card-head">
        <h2>
          <Link to={mailboxPath(mailbox.id)}>{mailbox.address}</Link>
        </h2>
        <StateMark state={mailbox.state} />
      </div>
      <p class="mailbox-says">{mailbox.says}</p>
      <BackfillProgress mailbox={mailbox} />
      <p class="mailbox-facts">{facts.join(' · ')}</p>
    </li>
  );
}
