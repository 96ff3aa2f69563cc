import { useState } from 'preact/hooks';
import { asApiError } from '../api/problem.js';
import { setAbuse } from '../api/mailboxes/reports.js';
import type { AbuseSetting as Setting, MailboxDetail } from '../api/types.js';
import { Link } from '../parts/link.js';
import { say } from '../state/toasts.js';

type Answers = NonNullable<Setting['answers']>;
const ANSWERS: readonly (readonly [Answers, string])[] = [
  ['organisation', 'People of the organisation'],
  ['anyone', 'Everybody who proves who they are'],
  ['nobody', 'Nobody'],
];

/** Whether what arrives in a mailbox is a report of suspicious mail, and who hears what was found. What changed is shown by its events. */
export function AbuseSetting({ mailbox }: { readonly mailbox: MailboxDetail }) {
  const [busy, setBusy] = useState(false);
  const run = async (answers: Answers | null, done: string): Promise<void> => {
    setBusy(true);
    try {
      await setAbuse(mailbox.id, answers);
      say(done);
    } catch (thrown) {
      say(asApiError(thrown).message);
    } finally {
      setBusy(false);
    }
  };
  if (mailbox.reports === null) {
    return (
      <div class="abuse-setting">
        <p>
          Is this where people send mail they do not trust? Then what arrives is a report: what is forwarded here is
          scanned by itself, put together with what others reported, and answered.
        </p>
        <button
          type="button"
          class="button"
          disabled={busy}
          onClick={() => void run('organisation', 'What arrives from now on is a report.')}
        >
          Let it take reports
        </button>
      </div>
    );
  }
  const { answers } = mailbox.reports;
  return (
    <div class="abuse-setting">
      <p>
        This mailbox takes reports. <Link to="/reports">See what was reported</Link>
      </p>
      <div class="field">
        <label for="abuse-answers">Who hears what was found</label>
        <select
          id="abuse-answers"
          value={answers}
          disabled={busy}
          onChange={({ currentTarget }) => void run(currentTarget.value as Answers, 'Changed.')}
        >
          {ANSWERS.map(([value, name]) => (
            <option key={value} value={value}>
              {name}
            </option>
          ))}
        </select>
        <p class="field-hint">
          Machines and mailing lists are never answered, nor a sender who is proven to be somebody else.
        </p>
      </div>
      <button
        type="button"
        class="button quiet"
        disabled={busy}
        onClick={() => void run(null, 'It is a mailbox like any other again.')}
      >
        Take no more reports
      </button>
    </div>
  );
}
