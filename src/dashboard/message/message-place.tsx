import { useState } from 'preact/hooks';
import { getMessage, type Reason } from '../api/scans/scans.js';
import type { ScanResult } from '../api/types.js';
import { MessagePane } from '../evidence/message-pane.js';
import * as format from '../parts/format.js';
import { Link } from '../parts/link.js';
import { Failure, Notice } from '../parts/notice.js';
import { PlaceTitle } from '../parts/place-title.js';
import { useLoad } from '../parts/use-load.js';
import { hidden } from '../state/deletions.js';
import { useStore } from '../state/store.js';
import { verdictOf } from '../scan/follow.js';
import { VerdictPane } from '../verdict/verdict-pane.js';
import { MessageActions } from './message-actions.js';
import { ReportWrong } from './report-wrong.js';
import { MessageSkeleton } from './message-skeleton.js';
import type { Focus } from './focus.js';

/** One message with its verdict: on one side what it is, on the other what postern makes of it. */
export function MessagePlace({ id }: { readonly id: string }) {
  const { result, reload, replace } = useLoad(id, () => verdictOf(id));
  const gone = useStore(hidden).has(id);
  if (result.state === 'loading') return <MessageSkeleton />;
  if (result.state === 'failed' && result.error.code === 'scan.not-found') return <Missing />;
  if (result.state === 'failed') {
    return (
      <section class="page narrow">
        <PlaceTitle title="Message" />
        <Failure message={result.error.message} retry={reload} />
      </section>
    );
  }
  return <Verdict scan={result.value} gone={gone} onRescanned={replace} />;
}

interface VerdictProps {
  readonly scan: ScanResult;
  readonly gone: boolean;
  readonly onRescanned: (scan: ScanResult) => void;
}

function Verdict({ scan, gone, onRescanned }: VerdictProps) {
  const [focus, setFocus] = useState<Focus>({ finding: null, reveal: 0 });
  const [reason, setReason] = useState<Reason>(null);
  // A rescan changes the findings, not the message; its rendering is asked for anew with the new marks.
  const message = useLoad(`${scan.id} ${reason ?? ''}`, () => getMessage(scan.id, reason));
  return (
    <article class="page message-place" data-label={scan.label}>
      <header class="message-head">
        <p class="crumb">
          <Link to="/history">History</Link>
          <span aria-hidden="true"> / </span>
          <span>{format.moment(scan.created_at)}</span>
        </p>
        <PlaceTitle title={format.title(scan.message.subject)} />
        <MessageActions scan={scan} reason={reason} onRescanned={onRescanned} />
        <ReportWrong scan={scan} />
      </header>
      {gone ? (
        <Notice title="This message is being deleted" role="status">
          <p>Until the note at the foot of the page goes, it can be brought back.</p>
        </Notice>
      ) : null}
      <div class="message-columns">
        <VerdictPane
          scan={scan}
          message={message.result.state === 'ready' ? message.result.value : null}
          focus={focus}
          onFocus={setFocus}
        />
        <MessagePane
          scan={scan}
          message={message.result}
          retry={message.reload}
          focus={focus}
          reason={reason}
          onReason={setReason}
        />
      </div>
    </article>
  );
}

function Missing() {
  return (
    <section class="page narrow">
      <PlaceTitle title="This message is not here" />
      <p class="lead">It may have expired, been deleted, or belong to somebody else.</p>
      <p>
        <Link to="/history" class="button">
          Go to History
        </Link>
      </p>
    </section>
  );
}
