import { reportGroups } from '../api/mailboxes/reports.js';
import type { ReportGroup } from '../api/types.js';
import * as format from '../parts/format.js';
import { LabelMark } from '../parts/label-mark.js';
import { Link } from '../parts/link.js';
import { Failure } from '../parts/notice.js';
import { reportGroupPath } from '../state/router.js';
import { DECISION_WORDS } from './report-words.js';
import { usePages } from '../parts/use-pages.js';

/** Groups of reported messages, one row each. */
export function GroupList({ state }: { readonly state: 'open' | 'resolved' }) {
  const { result, reload, busy, more } = usePages(state, (cursor) => reportGroups(state, cursor));
  if (result.state === 'failed') return <Failure message={result.error.message} retry={reload} />;
  if (result.state === 'loading') return <div class="mailboxes-loading" aria-busy="true" />;
  const { items, next_cursor: next } = result.value;
  if (items.length === 0) return state === 'open' ? <NothingOpen /> : <p>Nothing has been decided yet.</p>;
  return (
    <>
      <ul class="rows sheet" aria-label="Reported messages, newest first">
        {items.map((group) => (
          <GroupRow key={group.id} group={group} />
        ))}
      </ul>
      {next === null ? null : (
        <p class="rows-foot">
          <button type="button" class="button" disabled={busy} onClick={more}>
            Show more
          </button>
        </p>
      )}
    </>
  );
}

function GroupRow({ group }: { readonly group: ReportGroup }) {
  const facts = [
    format.sender(group.from),
    `${format.count(group.reports, 'report')} by ${format.count(group.reporters, 'person', 'people')}`,
    group.decision === null ? null : `decided: ${DECISION_WORDS[group.decision].toLowerCase()}`,
  ].filter((fact) => fact !== null);
  return (
    <li class="row" data-label={group.label}>
      <span class="row-label">
        <LabelMark label={group.label} size={18} />
      </span>
      <span class="row-words">
        <Link to={reportGroupPath(group.id)} class="row-link">
          {format.title(group.subject)}
        </Link>
        <span class="row-from">{facts.join(' · ')}</span>
      </span>
      <span class="row-score" title="Risk of fraud or malware, of 100">
        <span class="visually-hidden">Score </span>
        {format.score(group.score)}
      </span>
      <time class="row-time" dateTime={group.last_at} title={format.moment(group.last_at)}>
        {format.recently(group.last_at)}
      </time>
    </li>
  );
}

function NothingOpen() {
  return (
    <div class="sheet empty-history">
      <h2>Nothing waits for a decision</h2>
      <p>
        Give people one address for mail they do not trust: connect that mailbox, and let it take reports. What they
        forward there is scanned, put together with what others reported, and answered.
      </p>
      <p class="empty-actions">
        <Link to="/mailboxes" class="button primary">
          Choose a mailbox
        </Link>
      </p>
    </div>
  );
}
