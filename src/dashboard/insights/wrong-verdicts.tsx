import type { WrongVerdicts } from '../api/types.js';
import * as format from '../parts/format.js';
import { LabelMark } from '../parts/label-mark.js';
import { Link } from '../parts/link.js';
import { messagePath } from '../state/router.js';

const WIDTH = 364;
const HEIGHT = 64;

interface WrongProps {
  readonly wrong: WrongVerdicts;
  /** Every day of the period, so that the chart lines up with the one above. */
  readonly days: readonly string[];
}

/** Threats that were missed and false alarms: by day as a chart, message by message as a table. */
export function WrongVerdictsSection({ wrong, days }: WrongProps) {
  return (
    <section class="settings-section">
      <h2>Missed and wrong</h2>
      {wrong.items.length === 0 ? (
        <p class="quiet-line">
          Nobody has said that a verdict was wrong, and no later scan found danger in what had been let through.
        </p>
      ) : (
        <>
          <p>
            <strong>{format.count(wrong.missed, 'missed threat')}</strong>,{' '}
            {format.count(wrong.false_alarms, 'false alarm')}. Missed is what had been let through and turned out
            dangerous, as people said or a later scan found.
          </p>
          <div class="insights-chart">
            <Chart wrong={wrong} days={days} />
            <ul class="wrong-legend">
              <Key name="Missed threats" look="wrong-missed" />
              <Key name="False alarms" look="wrong-alarm" />
            </ul>
          </div>
          <Table items={wrong.items} />
        </>
      )}
    </section>
  );
}

function Chart({ wrong, days }: WrongProps) {
  const most = Math.max(1, ...wrong.days.map((entry) => entry.missed + entry.false_alarms));
  const step = WIDTH / Math.max(1, days.length);
  const scale = (HEIGHT - 4) / most;
  return (
    <svg
      class="days-chart wrong-chart"
      viewBox={`0 0 ${WIDTH} ${HEIGHT + 2}`}
      role="img"
      aria-label={`${format.count(wrong.missed, 'missed threat')} and ${format.count(wrong.false_alarms, 'false alarm')} by day; the table has the messages.`}
    >
      <path class="days-base" d={`M0 ${HEIGHT + 0.5}H${WIDTH}`} />
      {wrong.days.map(({ day, missed, false_alarms: alarms }) => {
        const x = days.indexOf(day) * step + 1;
        const width = Math.max(2, step - 2);
        return (
          <g key={day}>
            <title>
              {format.day(day)}: {format.count(missed, 'missed threat')}, {format.count(alarms, 'false alarm')}
            </title>
            <rect class="wrong-missed" x={x} width={width} y={HEIGHT - missed * scale} height={missed * scale} />
            <rect
              class="wrong-alarm"
              x={x}
              width={width}
              y={HEIGHT - (missed + alarms) * scale}
              height={alarms * scale}
            />
          </g>
        );
      })}
    </svg>
  );
}

function Key({ name, look }: { readonly name: string; readonly look: string }) {
  return (
    <li>
      <svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">
        <rect class={look} x="1" y="1" width="10" height="10" />
      </svg>
      {name}
    </li>
  );
}

function Table({ items }: Pick<WrongVerdicts, 'items'>) {
  return (
    <div class="table-scroll" tabIndex={0} role="region" aria-label="Wrong verdicts">
      <table class="log-table">
        <thead>
          <tr>
            <th scope="col">Noticed</th>
            <th scope="col">Message</th>
            <th scope="col">Verdict then</th>
            <th scope="col">What is wrong</th>
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <tr key={`${item.scan_id} ${item.kind}`}>
              <td>{format.moment(item.noticed_at)}</td>
              <td>
                <Link to={messagePath(item.scan_id)}>{format.title(item.subject)}</Link>
                <span class="person-detail"> {item.from}</span>
              </td>
              <td>
                <LabelMark label={item.label_before} size={16} />
              </td>
              <td>{reasons(item)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function reasons({ kind, reports, rescanned, delivered }: WrongVerdicts['items'][number]): string {
  return [
    kind === 'missed-threat' ? (delivered ? 'Missed in a mailbox' : 'Missed') : 'False alarm',
    ...(reports > 0 ? [`${format.count(reports, 'person says', 'people say')} so`] : []),
    ...(rescanned ? ['a later scan found it'] : []),
  ].join(' · ');
}
