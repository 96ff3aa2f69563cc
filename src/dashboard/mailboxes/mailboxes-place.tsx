import { listMailboxes } from '../api/mailboxes/mailboxes.js';
import type { ConnectedMailbox } from '../api/types.js';
import * as format from '../parts/format.js';
import { Link } from '../parts/link.js';
import { Failure } from '../parts/notice.js';
import { PlaceTitle } from '../parts/place-title.js';
import { useLoad } from '../parts/use-load.js';
import { mailboxPath } from '../state/router.js';
import { BackfillProgress } from './backfill-progress.js';
import { PROVIDER_NAMES } from './mailbox-words.js';
import { StateMark } from './state-mark.js';

/** Every mailbox that is connected, those that need somebody first. */
export function MailboxesPlace({ admin }: { readonly admin: boolean }) {
  const { result, reload } = useLoad('mailboxes', listMailboxes);
  const items = result.state === 'ready' ? result.value : [];
  return (
    <section class="page mailboxes">
      <header class="mailboxes-head">
        <PlaceTitle title="Mailboxes" />
        <div class="mailbox-actions">
          {admin ? (
            <Link to="/mailboxes/organisation" class="button">
              Whole organisation
            </Link>
          ) : null}
          {items.length === 0 ? null : (
            <Link to="/mailboxes/connect" class="button primary">
              Connect a mailbox
            </Link>
          )}
        </div>
      </header>
      {result.state === 'loading' ? <div class="mailboxes-loading" aria-busy="true" /> : null}
      {result.state === 'failed' ? <Failure message={result.error.message} retry={reload} /> : null}
      {result.state === 'ready' && items.length === 0 ? <NoneYet /> : null}
      {items.length === 0 ? null : (
        <ul class="mailbox-list">
          {[...items].sort(byUrgency).map((mailbox) => (
            <MailboxCard key={mailbox.id} mailbox={mailbox} />
          ))}
        </ul>
      )}
    </section>
  );
}

function MailboxCard({ mailbox }: { readonly mailbox: ConnectedMailbox }) {
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

function NoneYet() {
  return (
    <div class="sheet empty-history">
      <h2>No mailbox is connected yet</h2>
      <p>
        Connect one, and each new message is scanned within seconds of its arrival. postern reads; it changes, moves and
        deletes nothing unless you say so. You can pause or disconnect at any time.
      </p>
      <p class="empty-actions">
        <Link to="/mailboxes/connect" class="button primary">
          Connect a mailbox
        </Link>
      </p>
    </div>
  );
}

const URGENCY: readonly ConnectedMailbox['state'][] = [
  'attention',
  'unreachable',
  'waiting',
  'reading',
  'well',
  'paused',
  'disconnected',
];

function byUrgency(a: ConnectedMailbox, b: ConnectedMailbox): number {
  return URGENCY.indexOf(a.state) - URGENCY.indexOf(b.state) || a.address.localeCompare(b.address);
}
