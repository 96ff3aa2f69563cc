import { listMailboxes } from '../api/mailboxes/mailboxes.js';
import { LabelShape } from '../parts/label-mark.js';
import { LABEL_WORDS, LABELS } from '../parts/labels.js';
import { useLoad } from '../parts/use-load.js';
import { historyPath, navigate } from '../state/router.js';
import { parseQuery, toggleLabel, withMailbox, withSince, writtenSince } from './query.js';

const PERIODS = [
  { since: null, name: 'Any time' },
  { since: 'today', name: 'Today' },
  { since: '7d', name: 'Last 7 days' },
  { since: '30d', name: 'Last 30 days' },
] as const;

/** The most used filters as buttons. They only write into the search, so that there is one truth. */
export function HistoryFilters({ query }: { readonly query: string }) {
  const chosen = parseQuery(query).label;
  const since = writtenSince(query);
  const known = PERIODS.some((period) => period.since === since);
  return (
    <div class="filters">
      <div class="filter-labels" role="group" aria-label="Verdict">
        {LABELS.map((label) => (
          <button
            key={label}
            type="button"
            class="filter"
            data-label={label}
            aria-pressed={chosen.includes(label)}
            onClick={() => navigate(historyPath(toggleLabel(query, label)))}
          >
            <LabelShape label={label} size={16} />
            <span>{LABEL_WORDS[label].name}</span>
          </button>
        ))}
      </div>
      <MailboxFilter query={query} />
      <label class="filter-period">
        <span class="visually-hidden">Period</span>
        <select
          value={known ? (since ?? '') : 'other'}
          onChange={(event) => {
            const value = event.currentTarget.value;
            navigate(historyPath(withSince(query, value === '' ? null : value)));
          }}
        >
          {PERIODS.map((period) => (
            <option key={period.name} value={period.since ?? ''}>
              {period.name}
            </option>
          ))}
          {known ? null : (
            <option value="other" disabled>
              Since {since}
            </option>
          )}
        </select>
      </label>
    </div>
  );
}

/** Only where there are mailboxes to choose from. */
function MailboxFilter({ query }: { readonly query: string }) {
  const { result } = useLoad('mailboxes', listMailboxes);
  const chosen = parseQuery(query).mailbox;
  const mailboxes = result.state === 'ready' ? result.value : [];
  if (mailboxes.length === 0) return null;
  return (
    <label class="filter-period filter-mailbox">
      <span class="visually-hidden">Mailbox</span>
      <select
        value={chosen ?? ''}
        onChange={({ currentTarget: { value } }) =>
          navigate(historyPath(withMailbox(query, value === '' ? null : value)))
        }
      >
        <option value="">All sources</option>
        {mailboxes.map(({ id, address }) => (
          <option key={id} value={id}>
            {address}
          </option>
        ))}
      </select>
    </label>
  );
}
