import { LabelShape } from '../parts/label-mark.js';
import { LABEL_WORDS, LABELS } from '../parts/labels.js';
import { historyPath, navigate } from '../state/router.js';
import { MailboxChoice } from './mailbox-choice.js';
import { parseQuery, toggleLabel, withSince, writtenSince } from './query.js';

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
      <MailboxChoice query={query} />
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
