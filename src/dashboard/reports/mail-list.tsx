import { useState } from 'preact/hooks';
import { asApiError } from '../api/problem.js';
import { reports, takeAgain } from '../api/mailboxes/reports.js';
import type { Report } from '../api/types.js';
import * as format from '../parts/format.js';
import { Link } from '../parts/link.js';
import { Failure } from '../parts/notice.js';
import { reportGroupPath } from '../state/router.js';
import { say } from '../state/toasts.js';
import { KIND_WORDS, nameOf, statusOf } from './report-words.js';
import { usePages } from '../parts/use-pages.js';

/** Every mail to an abuse mailbox, or those that were not examined: who sent it, how, and whether they were answered. */
export function MailList({ only }: { readonly only: 'unexamined' | null }) {
  const { result, reload, replace, busy, more } = usePages(`mails ${only}`, (cursor) => reports(only, cursor));
  if (result.state === 'failed') return <Failure message={result.error.message} retry={reload} />;
  if (result.state === 'loading') return <div class="mailboxes-loading" aria-busy="true" />;
  const { items, next_cursor: next } = result.value;
  if (items.length === 0) return <p>No mail has come to an abuse mailbox yet.</p>;
  return (
    <>
      <ul class="rows sheet" aria-label="Mails to the abuse mailboxes, newest first">
        {items.map((report) => (
          <MailRow
            key={report.id}
            report={report}
            onTaken={(taken) =>
              replace({ items: items.map((one) => (one.id === taken.id ? taken : one)), next_cursor: next })
            }
          />
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

function MailRow({ report, onTaken }: { readonly report: Report; readonly onTaken: (taken: Report) => void }) {
  return (
    <li class="report-row">
      <div class="row-words">
        <p class="report-who">{nameOf(report.reporter)}</p>
        <p class="report-what">
          {report.status === 'done' ? null : report.reason}
          {report.messages.map(({ kind, group_id: group }, index) => (
            <span key={index}>
              {index === 0 ? null : ', '}
              <Link to={reportGroupPath(group)}>
                {report.messages.length === 1 ? 'Message' : `Message ${index + 1}`}
              </Link>{' '}
              {KIND_WORDS[kind]}
            </span>
          ))}
        </p>
      </div>
      <span class="report-answer">
        {statusOf(report)}
        {report.status !== 'done' && report.reason !== null ? <TakeAgain report={report} onTaken={onTaken} /> : null}
      </span>
      <time class="row-time" dateTime={report.received_at} title={format.moment(report.received_at)}>
        {format.recently(report.received_at)}
      </time>
    </li>
  );
}

/** For one that waits or came to nothing: the plan may have more by now, or the mailbox be connected again. */
function TakeAgain({ report, onTaken }: { readonly report: Report; readonly onTaken: (taken: Report) => void }) {
  const [busy, setBusy] = useState(false);
  const again = async (): Promise<void> => {
    setBusy(true);
    try {
      onTaken({ ...(await takeAgain(report.id)), reason: null });
    } catch (thrown) {
      say(asApiError(thrown).message);
    } finally {
      setBusy(false);
    }
  };
  return (
    <button type="button" class="button small" disabled={busy} onClick={() => void again()}>
      {report.status === 'waiting' ? 'Try now' : 'Take again'}
    </button>
  );
}
