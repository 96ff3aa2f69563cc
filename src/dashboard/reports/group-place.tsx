import { reportGroup } from '../api/mailboxes/reports.js';
import type { ReportGroupDetail } from '../api/types.js';
import * as format from '../parts/format.js';
import { LabelMark } from '../parts/label-mark.js';
import { Link } from '../parts/link.js';
import { Failure } from '../parts/notice.js';
import { PlaceTitle } from '../parts/place-title.js';
import { useLoad } from '../parts/use-load.js';
import { messagePath } from '../state/router.js';
import { DECISION_WORDS, KIND_WORDS, nameOf, statusOf } from './report-words.js';
import { ResolveForm } from './resolve-form.js';

/** One group: what it is, who reported it, and the decision. */
export function ReportGroupPlace({ id }: { readonly id: string }) {
  const { result, reload, replace } = useLoad(id, () => reportGroup(id));
  if (result.state === 'loading') return <div class="page mailboxes-loading" aria-busy="true" />;
  if (result.state === 'failed') {
    return (
      <section class="page reports">
        <PlaceTitle title="These reports are not here" />
        <Failure message={result.error.message} retry={reload} />
      </section>
    );
  }
  const group = result.value;
  return (
    <section class="page reports">
      <p class="crumb">
        <Link to="/reports">Reports</Link>
      </p>
      <PlaceTitle title={format.title(group.subject)} />
      <div class="report-facts">
        <LabelMark label={group.label} />
        <p>
          {nameOf(group.from)} · {format.count(group.reports, 'report')} by{' '}
          {format.count(group.reporters, 'person', 'people')} · first {format.recently(group.first_at)}
        </p>
      </div>
      <Decided group={group} />
      <ResolveForm group={group} resolved={replace} />
      <h2>Who reported it</h2>
      <ul class="rows sheet" aria-label="Reports of this message, newest first">
        {group.grouped.map((report, index) => (
          <GroupedRow key={`${report.id} ${index}`} report={report} />
        ))}
      </ul>
    </section>
  );
}

function Decided({ group }: { readonly group: ReportGroupDetail }) {
  if (group.decision === null) return null;
  return (
    <p class="report-decision">
      Decided: <strong>{DECISION_WORDS[group.decision].toLowerCase()}</strong>
      {group.resolved_at === null ? null : `, ${format.recently(group.resolved_at)}`}. Whoever reports the same from now
      on is told so at once.
    </p>
  );
}

function GroupedRow({ report }: { readonly report: ReportGroupDetail['grouped'][number] }) {
  return (
    <li class="report-row">
      <div class="row-words">
        <p class="report-who">{nameOf(report.reporter)}</p>
        <p class="report-what">
          {report.scan === null ? (
            'The verdict has expired'
          ) : (
            <Link to={messagePath(report.scan.id)}>See the message</Link>
          )}
          , {KIND_WORDS[report.kind]}
        </p>
      </div>
      <span class="report-answer">{statusOf(report)}</span>
      <time class="row-time" dateTime={report.received_at} title={format.moment(report.received_at)}>
        {format.recently(report.received_at)}
      </time>
    </li>
  );
}
