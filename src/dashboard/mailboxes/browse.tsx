import { useState } from 'preact/hooks';
import { scanPicked } from '../api/mailboxes/mailboxes.js';
import { asApiError } from '../api/problem.js';
import { RowSkeletons } from '../history/row-skeletons.js';
import * as format from '../parts/format.js';
import { Icon } from '../parts/icon.js';
import { LabelMark } from '../parts/label-mark.js';
import { Link } from '../parts/link.js';
import { Failure } from '../parts/notice.js';
import { messagePath } from '../state/router.js';
import { say } from '../state/toasts.js';
import { useBrowse, type BrowsedMessage } from './use-browse.js';

/** What is in the mailbox at its provider, to be searched and picked from. */
export function Browse({ mailboxId }: { readonly mailboxId: string }) {
  const [text, setText] = useState('');
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const [busy, setBusy] = useState(false);
  const browsing = useBrowse(mailboxId, text);

  const toggle = (id: string): void => {
    const next = new Set(picked);
    if (!next.delete(id)) next.add(id);
    // As many as one request may name.
    if (next.size > 100) say('At most 100 messages at once: scan these first.');
    else setPicked(next);
  };
  const scan = async (): Promise<void> => {
    setBusy(true);
    try {
      const { items } = await scanPicked(mailboxId, [...picked]);
      browsing.judge(new Map(items.map((item) => [item.message_id, item.scan])));
      const failed = items.filter((item) => item.problem !== null);
      const reason = failed[0]?.problem?.detail ?? '';
      const done = `${format.count(items.length - failed.length, 'message')} scanned.`;
      say(failed.length === 0 ? done : `${done} ${failed.length} could not be: ${reason}`);
      setPicked(new Set());
    } catch (thrown) {
      say(asApiError(thrown).message);
    } finally {
      setBusy(false);
    }
  };

  return (
    <div class="browse">
      <form
        class="browse-bar"
        role="search"
        onSubmit={(event) => {
          event.preventDefault();
          const value = new FormData(event.currentTarget).get('text');
          setText(typeof value === 'string' ? value.trim() : '');
        }}
      >
        <div class="search-row">
          <Icon name="search" size={18} />
          <input
            type="search"
            name="text"
            aria-label="Search the mailbox"
            placeholder="Words in sender, subject or text"
          />
        </div>
        <button type="submit" class="button">
          Search
        </button>
        <button type="button" class="button primary" disabled={busy || picked.size === 0} onClick={() => void scan()}>
          {busy ? 'Scanning…' : picked.size === 0 ? 'Scan what you pick' : `Scan ${picked.size}`}
        </button>
      </form>
      {browsing.items.length === 0 && browsing.state === 'loading' ? <RowSkeletons rows={6} /> : null}
      {browsing.items.length === 0 && browsing.state === 'end' ? (
        <p class="mailbox-empty">{text === '' ? 'The mailbox is empty.' : 'Nothing in the mailbox matches.'}</p>
      ) : null}
      {browsing.items.length === 0 ? null : (
        <ul class="rows sheet" aria-label="Messages in the mailbox, newest first">
          {browsing.items.map((message) => (
            <Row
              key={message.message_id}
              message={message}
              picked={picked.has(message.message_id)}
              toggle={() => toggle(message.message_id)}
            />
          ))}
        </ul>
      )}
      {browsing.state === 'failed' ? <Failure message={browsing.error ?? ''} retry={browsing.loadMore} /> : null}
      {browsing.state === 'more' ? (
        <p class="rows-foot">
          <button type="button" class="button" onClick={browsing.loadMore}>
            Show more
          </button>
        </p>
      ) : null}
    </div>
  );
}

interface RowProps {
  readonly message: BrowsedMessage;
  readonly picked: boolean;
  readonly toggle: () => void;
}

function Row({ message, picked, toggle }: RowProps) {
  const { scan, subject, from, received_at: received } = message;
  return (
    <li class="browse-row">
      {scan === null ? (
        <input type="checkbox" aria-label={`Pick “${format.title(subject)}”`} checked={picked} onChange={toggle} />
      ) : (
        <span />
      )}
      <span class="row-words">
        {scan === null ? (
          <span class="browse-subject">{format.title(subject)}</span>
        ) : (
          <Link to={messagePath(scan.id)} class="browse-subject">
            {format.title(subject)}
          </Link>
        )}
        <span class="row-from">
          {format.sender(from)} <span class="row-address">{message.folder}</span>
        </span>
      </span>
      <span class="browse-verdict">
        {scan === null ? <span class="row-address">Not scanned</span> : <LabelMark label={scan.label} size={16} />}
      </span>
      {received === null ? null : (
        <time class="row-time" dateTime={received} title={format.moment(received)}>
          {format.recently(received)}
        </time>
      )}
    </li>
  );
}
