import { useState } from 'preact/hooks';
import { useForm } from '../account/use-form.js';
import { feedback, giveFeedback, withdrawFeedback, type FeedbackKind } from '../api/scans/feedback.js';
import { asApiError } from '../api/problem.js';
import type { FeedbackList, Label, ScanResult } from '../api/types.js';
import { LABEL_WORDS } from '../parts/labels.js';
import { useLoad } from '../parts/use-load.js';
import { say } from '../state/toasts.js';

const UNDO_MS = 10_000;
const SAYS: Readonly<Record<FeedbackKind, string>> = {
  'missed-threat': 'more dangerous than the verdict says',
  'false-alarm': 'harmless',
};

/** Where a reader says that the verdict is wrong, and sees what has been said; each can be taken back. */
export function ReportWrong({ scan }: { readonly scan: ScanResult }) {
  const { result, reload } = useLoad(`${scan.id} ${scan.rescanned_at ?? ''}`, () => feedback(scan.id));
  const [open, setOpen] = useState(false);
  // The room is kept while it loads, so that nothing jumps: mostly nobody has said anything.
  const items = result.state === 'ready' ? result.value.items : [];
  const own = items.find((item) => item.own);
  const put = async (kind: FeedbackKind, comment: string): Promise<void> => {
    await giveFeedback(scan.id, kind, comment);
    setOpen(false);
    reload();
    say('Thank you. It counts as a wrong verdict now.', { label: 'Undo', run: takeBack }, UNDO_MS);
  };
  const takeBack = (): void => {
    withdrawFeedback(scan.id).then(
      () => {
        reload();
        say('You have said nothing about this verdict.');
      },
      (thrown: unknown) => say(`It could not be taken back. ${asApiError(thrown).message}`),
    );
  };
  return (
    <div class="report-wrong">
      {items.map((item) => (
        <p key={`${item.source} ${item.user_id}`}>
          {words(item)}
          {item.comment === '' ? null : <span class="person-detail"> “{item.comment}”</span>}{' '}
          {item.own ? (
            <button type="button" class="button small" onClick={takeBack}>
              Take it back
            </button>
          ) : null}
        </p>
      ))}
      {own !== undefined ? null : open ? (
        <WrongForm label={scan.label} put={put} cancel={() => setOpen(false)} />
      ) : (
        <button type="button" class="button quiet small" onClick={() => setOpen(true)}>
          Is this verdict wrong?
        </button>
      )}
    </div>
  );
}

function words({ own, source, kind, label_before: before }: FeedbackList['items'][number]): string {
  const was = LABEL_WORDS[before].name;
  if (source === 'rescan') return `A later scan found danger in this message; before that it was called ${was}.`;
  return `${own ? 'You say' : 'Somebody says'} that this message is ${SAYS[kind]}; the verdict was ${was}.`;
}

interface WrongFormProps {
  readonly label: Label;
  readonly put: (kind: FeedbackKind, comment: string) => Promise<void>;
  readonly cancel: () => void;
}

function WrongForm({ label, put, cancel }: WrongFormProps) {
  const likely: FeedbackKind = ['safe', 'spam', 'incomplete'].includes(label) ? 'missed-threat' : 'false-alarm';
  const form = useForm((value) => put(value('kind') as FeedbackKind, value('comment')));
  return (
    <form class="settings-form" aria-label="Report a wrong verdict" onSubmit={form.onSubmit} aria-busy={form.busy}>
      <fieldset class="segments">
        <legend>In truth this message is</legend>
        {(['missed-threat', 'false-alarm'] as const).map((kind) => (
          <label key={kind}>
            <input type="radio" name="kind" value={kind} defaultChecked={kind === likely} />
            <span>{kind === 'missed-threat' ? 'More dangerous' : 'Harmless'}</span>
          </label>
        ))}
      </fieldset>
      <div class="field">
        <label for="wrong-comment">What postern has overlooked (optional)</label>
        <input id="wrong-comment" name="comment" type="text" maxLength={1000} autocomplete="off" />
        <p class="field-hint">For whoever runs the organisation. It changes no verdict and trains nothing.</p>
      </div>
      {form.error === null ? null : (
        <p class="form-error" role="alert">
          {form.error.message}
        </p>
      )}
      <div class="settings-buttons">
        <button type="submit" class="button primary" disabled={form.busy}>
          Report it
        </button>
        <button type="button" class="button quiet" onClick={cancel}>
          Cancel
        </button>
      </div>
    </form>
  );
}
