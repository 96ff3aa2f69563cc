import { Failure } from '../parts/notice.js';
import { Link } from '../parts/link.js';
import * as format from '../parts/format.js';
import { useNearEnd } from '../parts/use-near-end.js';
import { scanSample } from '../scan/submit.js';
import { hidden } from '../state/deletions.js';
import { navigate } from '../state/router.js';
import { useStore } from '../state/store.js';
import { RowSkeletons } from './row-skeletons.js';
import { ScanRow } from './scan-row.js';
import { useHistory, type History } from './use-history.js';

export function HistoryList({ query }: { readonly query: string }) {
  const history = useHistory(query);
  const gone = useStore(hidden);
  const rows = history.items.filter((scan) => !gone.has(scan.id));
  if (rows.length === 0 && history.state === 'loading') return <RowSkeletons rows={8} />;
  if (rows.length === 0 && history.state === 'failed') {
    return <Failure message={history.error ?? ''} retry={history.loadMore} />;
  }
  if (rows.length === 0) return query === '' ? <NothingYet /> : <NothingFound />;
  return (
    <>
      {/* For the eye; each row names its parts for screen readers. */}
      <div class="rows-head" aria-hidden="true">
        <span>Verdict</span>
        <span>Message</span>
        <span>Risk</span>
        <span>Scanned</span>
      </div>
      <ul class="rows sheet" aria-label="Scanned messages, newest first">
        {rows.map((scan) => (
          <ScanRow key={scan.id} scan={scan} />
        ))}
      </ul>
      <More history={history} shown={rows.length} />
    </>
  );
}

/** Fetches the next page shortly before its place is reached; the button does the same for whoever does not scroll. */
function More({ history, shown }: { readonly history: History; readonly shown: number }) {
  const end = useNearEnd(history.state === 'more', shown, history.loadMore);
  return (
    <div class="rows-foot" ref={end} role="status">
      {history.state === 'end' ? `${format.count(shown, 'message')}, that is all.` : null}
      {history.state === 'loading' ? 'Fetching more…' : null}
      {history.state === 'failed' ? <Failure message={history.error ?? ''} retry={history.loadMore} /> : null}
      {history.state === 'more' ? (
        <button type="button" class="button" onClick={history.loadMore}>
          Show more
        </button>
      ) : null}
    </div>
  );
}

function NothingYet() {
  return (
    <div class="sheet empty-history">
      <h2>Nothing has been scanned yet</h2>
      <p>What is scanned is kept here until it expires. To see how it works, scan the harmless sample message.</p>
      <p class="empty-actions">
        <button
          type="button"
          class="button primary"
          onClick={() => {
            navigate('/scan');
            scanSample();
          }}
        >
          Scan the sample message
        </button>
        <Link to="/scan" class="button">
          Scan one of mine
        </Link>
      </p>
    </div>
  );
}

function NothingFound() {
  return (
    <div class="sheet empty-history">
      <h2>No message matches</h2>
      <p>Take away a filter, or search for fewer words. Messages that have expired cannot be found.</p>
      <p class="empty-actions">
        <Link to="/history" class="button">
          Show all messages
        </Link>
      </p>
    </div>
  );
}
