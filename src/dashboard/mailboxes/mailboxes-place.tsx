import { useRef } from 'preact/hooks';
import { listMailboxes } from '../api/mailboxes/mailboxes.js';
import type { ConnectedMailbox } from '../api/types.js';
import * as format from '../parts/format.js';
import { Link } from '../parts/link.js';
import { Failure } from '../parts/notice.js';
import { PlaceTitle } from '../parts/place-title.js';
import { useLoad } from '../parts/use-load.js';
import { useNearEnd } from '../parts/use-near-end.js';
import { usePages } from '../parts/use-pages.js';
import { useWords } from '../parts/use-words.js';
import { mailboxesPath } from '../state/router.js';
import { MailboxCard } from './mailbox-card.js';
import { MailboxFilter, readState } from './mailbox-filter.js';

/** So many are looked through at a glance; of more, one is looked for. */
const FEW = 12;
const PAGE = 50;
const NEEDY = 5;

interface MailboxesPlaceProps {
  readonly admin: boolean;
  /** As it stands in the address. */
  readonly state: string | null;
}

/** Every mailbox that is connected: a few with those that need somebody first, thousands by address. */
export function MailboxesPlace({ admin, ...props }: MailboxesPlaceProps) {
  const state = readState(props.state);
  const [typed, text, type] = useWords();
  const { result, reload, busy, more } = usePages(`${state} ${text}`, (cursor) =>
    listMailboxes({ text, state, limit: PAGE }, cursor),
  );
  const { items, next_cursor: next } = result.state === 'ready' ? result.value : { items: [], next_cursor: null };
  const filtered = text !== '' || state !== null;
  const many = useRef(filtered);
  many.current ||= items.length > FEW;
  const end = useNearEnd(next !== null && !busy, items.length, more);
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
          {items.length === 0 && !filtered ? null : (
            <Link to="/mailboxes/connect" class="button primary">
              Connect a mailbox
            </Link>
          )}
        </div>
      </header>
      {many.current || filtered ? <MailboxFilter text={typed} type={type} state={state} /> : null}
      {result.state === 'loading' ? <div class="mailboxes-loading" aria-busy="true" /> : null}
      {result.state === 'failed' ? <Failure message={result.error.message} retry={reload} /> : null}
      {result.state === 'ready' && items.length === 0 ? filtered ? <NoneFound /> : <NoneYet /> : null}
      {!filtered && isLong(items, next) ? <InNeed /> : null}
      {items.length === 0 ? null : (
        <ul class="mailbox-list" aria-label="Mailboxes">
          {(isLong(items, next) ? items : [...items].sort(byUrgency)).map((mailbox) => (
            <MailboxCard key={mailbox.id} mailbox={mailbox} />
          ))}
        </ul>
      )}
      {items.length > FEW ? (
        <div class="rows-foot" ref={end} role="status">
          {next === null ? `${format.count(items.length, 'mailbox', 'mailboxes')}, that is all.` : null}
          {busy ? 'Fetching more…' : null}
          {next !== null && !busy ? (
            <button type="button" class="button" onClick={more}>
              Show more
            </button>
          ) : null}
        </div>
      ) : null}
    </section>
  );
}

/** More than a page: then they stay in the order in which they come. */
const isLong = (items: readonly unknown[], next: string | null): boolean => next !== null || items.length > PAGE;

/** Of many, those that are read no more until somebody sees to them. */
function InNeed() {
  const { result } = useLoad('in need', () => listMailboxes({ state: 'attention', limit: NEEDY }, null));
  if (result.state !== 'ready' || result.value.items.length === 0) return null;
  return (
    <>
      <p class="mailboxes-part">
        Need attention
        {result.value.next_cursor === null ? null : (
          <>
            {' · '}
            <Link to={mailboxesPath('attention')}>Show all that do</Link>
          </>
        )}
      </p>
      <ul class="mailbox-list" aria-label="Mailboxes that need attention">
        {result.value.items.map((mailbox) => (
          <MailboxCard key={mailbox.id} mailbox={mailbox} />
        ))}
      </ul>
      <p class="mailboxes-part">All, by address</p>
    </>
  );
}

function NoneFound() {
  return (
    <p class="sheet empty-history" role="status">
      No mailbox matches. Take away the state, or type less of the address.
    </p>
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
