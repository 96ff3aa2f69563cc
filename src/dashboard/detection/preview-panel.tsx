import type { DetectionPreview, PreviewedScan } from '../api/types.js';
import * as format from '../parts/format.js';
import { LabelMark } from '../parts/label-mark.js';
import { Link } from '../parts/link.js';
import { messagePath } from '../state/router.js';
import { fieldName } from './words.js';

interface PreviewPanelProps {
  readonly preview: DetectionPreview;
  readonly busy: boolean;
  /** Looks at more scans. */
  readonly onMore: () => void;
  readonly onClose: () => void;
}

/** Scans that the longer look takes in. */
export const LONG_LOOK = 2000;

/** What the changes would do to what was scanned before. */
export function PreviewPanel({ preview, busy, onMore, onClose }: PreviewPanelProps) {
  const { examined, changed, moved, transitions, items } = preview;
  return (
    <section class="preview sheet" aria-labelledby="preview-title">
      <header class="section-head">
        <h2 id="preview-title" tabIndex={-1}>
          {changed === 0 ? 'No verdict would change' : `${format.count(changed, 'verdict')} would change`}
        </h2>
        <button type="button" class="button quiet small" onClick={onClose}>
          Close
        </button>
      </header>
      <p>
        Of the newest {format.count(examined, 'scan')}
        {preview.since === null ? '' : `, back to ${format.moment(preview.since)}`}.{' '}
        {moved === 0
          ? ''
          : `${format.count(moved, 'more would get', 'more would get')} another score and keep the verdict. `}
        Stored scans keep the verdict they have until they are scanned again.
      </p>
      {transitions.length === 0 ? null : (
        <ul class="transitions">
          {transitions.map(({ from, to, count }) => (
            <li key={`${from} ${to}`}>
              <strong>{count}</strong> <LabelMark label={from} />
              <span aria-hidden="true">→</span>
              <span class="visually-hidden"> to </span>
              <LabelMark label={to} />
            </li>
          ))}
        </ul>
      )}
      {items.length === 0 ? null : (
        <ul class="previewed">
          {items.map((item) => (
            <Previewed key={item.id} item={item} />
          ))}
        </ul>
      )}
      {changed <= items.length ? null : <p class="hint">The newest {items.length} are shown.</p>}
      <Caveats preview={preview} />
      {examined + preview.not_weighed < 500 || examined + preview.not_weighed >= LONG_LOOK ? null : (
        <button type="button" class="button small" disabled={busy} onClick={onMore}>
          {busy ? 'Looking…' : `Look at ${format.count(LONG_LOOK, 'scan')}`}
        </button>
      )}
    </section>
  );
}

function Previewed({ item }: { readonly item: PreviewedScan }) {
  const { before, after, findings } = item;
  return (
    <li>
      <p>
        <Link to={messagePath(item.id)}>{format.title(item.subject)}</Link>{' '}
        <span class="hint">{format.sender(item.from)}</span>
      </p>
      <p class="previewed-verdicts">
        <LabelMark label={before.label} /> {format.score(before.score)}
        <span aria-hidden="true">→</span>
        <span class="visually-hidden"> becomes </span>
        <LabelMark label={after.label} /> {format.score(after.score)}
      </p>
      <ul class="previewed-findings">
        {findings.map((finding) => (
          <li key={finding.id}>
            {finding.title}
            <span class="hint"> {pointsInWords(finding.before, finding.after)}</span>
          </li>
        ))}
      </ul>
    </li>
  );
}

function pointsInWords(before: number | null, after: number | null): string {
  if (before === null) return `new, ${format.points(after ?? 0)}`;
  return after === null ? `gone, was ${format.points(before)}` : `${format.points(before)} → ${format.points(after)}`;
}

/** What the numbers leave out. */
function Caveats({ preview }: { readonly preview: DetectionPreview }) {
  const { needs_rescan: fields, not_weighed: left, outdated, complete } = preview;
  return (
    <div class="caveats hint">
      {fields.length === 0 ? null : (
        <p>
          Not counted: {fields.map((field) => fieldName(field).toLowerCase()).join(' and ')}. What they change is seen
          only when a message is scanned again.
        </p>
      )}
      {left === 0 ? null : (
        <p>
          {format.count(left, 'scan was', 'scans were')} made by an earlier version of postern and can only be scanned
          again.
        </p>
      )}
      {outdated === 0 ? null : (
        <p>
          {format.count(outdated, 'scan has', 'scans have')} a verdict from earlier settings or weights; compared is
          what today’s settings would say.
        </p>
      )}
      {complete ? null : <p>It took too long to look at all of them.</p>}
    </div>
  );
}
