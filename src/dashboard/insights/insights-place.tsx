import { useState } from 'preact/hooks';
import { insights } from '../api/organisations/plan.js';
import type { Insights } from '../api/types.js';
import { DaysChart } from '../home/days-chart.js';
import { count } from '../parts/format.js';
import { Link } from '../parts/link.js';
import { Failure } from '../parts/notice.js';
import { PlaceTitle } from '../parts/place-title.js';
import { useLoad } from '../parts/use-load.js';
import { historyPath } from '../state/router.js';
import { WrongVerdictsSection } from './wrong-verdicts.js';

const PERIODS = [7, 30, 90] as const;

/** What came in over the last days, and who it was aimed at. For administrators. */
export function InsightsPlace() {
  const [days, setDays] = useState<number>(30);
  const { result, reload } = useLoad(String(days), () => insights(days));
  return (
    <div class="page insights">
      <PlaceTitle title="Insights" />
      <fieldset class="segments">
        <legend class="visually-hidden">Period</legend>
        {PERIODS.map((period) => (
          <label key={period}>
            <input type="radio" name="period" checked={period === days} onChange={() => setDays(period)} />
            <span>{count(period, 'day')}</span>
          </label>
        ))}
      </fieldset>
      {result.state === 'failed' ? (
        <Failure message={result.error.message} retry={reload} />
      ) : result.state === 'loading' ? (
        <p aria-busy="true">Counting…</p>
      ) : result.value.overview.total === 0 ? (
        <p class="lead">Nothing was scanned in this period.</p>
      ) : (
        <Figures value={result.value} />
      )}
    </div>
  );
}

function Figures({ value: { overview, senders, targets, wrong } }: { readonly value: Insights }) {
  return (
    <>
      <section class="settings-section">
        <h2>{count(overview.total, 'message')} by day</h2>
        <div class="insights-chart">
          <DaysChart overview={overview} />
        </div>
      </section>
      <section class="settings-section">
        <h2>Who sent what is dangerous</h2>
        <Bars
          what="Sender"
          rows={senders.map(({ address, ...tally }) => ({
            name: address,
            to: historyPath(`from:${address}`),
            ...tally,
          }))}
        />
      </section>
      <section class="settings-section">
        <h2>Who it was aimed at</h2>
        <Bars
          what="Member"
          rows={targets.map(({ email, ...tally }) => ({ name: email ?? 'a former member', to: null, ...tally }))}
        />
      </section>
      <WrongVerdictsSection wrong={wrong} days={overview.days.map(({ day }) => day)} />
    </>
  );
}

interface BarsProps {
  readonly what: string;
  readonly rows: readonly {
    readonly name: string;
    readonly to: string | null;
    readonly total: number;
    readonly dangerous: number;
  }[];
}

/** A table whose numbers are drawn beside them: chart and table in one. */
function Bars({ what, rows }: BarsProps) {
  if (rows.length === 0) return <p class="quiet-line">Nobody in this period.</p>;
  const most = Math.max(...rows.map(({ dangerous }) => dangerous));
  return (
    <table class="log-table bars">
      <thead>
        <tr>
          <th scope="col">{what}</th>
          <th scope="col" class="amount">
            Dangerous
          </th>
          <th scope="col" class="amount">
            All
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.name}>
            <th scope="row">
              {row.to === null ? row.name : <Link to={row.to}>{row.name}</Link>}
              <svg class="bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
                <rect width={(100 * row.dangerous) / most} height="4" />
              </svg>
            </th>
            <td class="amount">{row.dangerous}</td>
            <td class="amount">{row.total}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
