import type { Overview } from '../api/types.js';
import { LABEL_WORDS, LABELS } from '../parts/labels.js';
import * as format from '../parts/format.js';

/** The numbers behind the chart; days and labels without scans are left out. */
export function DaysTable({ overview }: { readonly overview: Overview }) {
  const labels = LABELS.filter((label) => (overview.counts[label] ?? 0) > 0);
  return (
    <div class="table-scroll" tabIndex={0} role="region" aria-label="Messages by day and verdict">
      <table class="numbers">
        <thead>
          <tr>
            <th scope="col">Day</th>
            {labels.map((label) => (
              <th key={label} scope="col">
                {LABEL_WORDS[label].name}
              </th>
            ))}
            <th scope="col">All</th>
          </tr>
        </thead>
        <tbody>
          {overview.days
            .filter((entry) => entry.total > 0)
            .reverse()
            .map((entry) => (
              <tr key={entry.day}>
                <th scope="row">{format.day(entry.day)}</th>
                {labels.map((label) => (
                  <td key={label}>{entry.counts[label] ?? 0}</td>
                ))}
                <td>{entry.total}</td>
              </tr>
            ))}
        </tbody>
      </table>
    </div>
  );
}
