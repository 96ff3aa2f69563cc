import { useState } from 'preact/hooks';
import { useForm } from '../account/use-form.js';
import { resolveGroup } from '../api/mailboxes/reports.js';
import type { ReportGroupDetail, ReportResolution } from '../api/types.js';
import * as format from '../parts/format.js';
import { say } from '../state/toasts.js';
import { DECISION_WORDS } from './report-words.js';

interface ResolveFormProps {
  readonly group: ReportGroupDetail;
  readonly resolved: (group: ReportGroupDetail) => void;
}

type Decision = ReportResolution['decision'];
const DECISIONS = Object.keys(DECISION_WORDS) as Decision[];

/** Decides, and tells everybody who was answered. A message that has left cannot be called back, so it says how many will get one. */
export function ResolveForm({ group, resolved }: ResolveFormProps) {
  const [decision, setDecision] = useState<Decision | null>(group.decision);
  const form = useForm(async (value) => {
    if (decision === null) return;
    const { told, ...now } = await resolveGroup(group.id, { decision, words: value('words') });
    say(
      told === 0 ? 'Decided; everybody knew already.' : `Decided; ${format.count(told, 'person', 'people')} will hear.`,
    );
    resolved(now);
  });
  const answered = new Set(
    group.grouped.filter(({ answer }) => answer === 'sent').map(({ reporter }) => reporter?.address),
  ).size;
  return (
    <form class="sheet resolve-form" onSubmit={form.onSubmit} aria-busy={form.busy} aria-label="Decide">
      <fieldset class="segments">
        <legend>{group.decision === null ? 'What is it?' : 'Correct the decision'}</legend>
        {DECISIONS.map((choice) => (
          <label key={choice}>
            <input
              type="radio"
              name="decision"
              required
              checked={choice === decision}
              onChange={() => setDecision(choice)}
            />
            <span>{DECISION_WORDS[choice]}</span>
          </label>
        ))}
      </fieldset>
      <div class="field">
        <label for="resolve-words">A word to those who reported it (optional)</label>
        <textarea id="resolve-words" name="words" rows={2} maxLength={1000} defaultValue={group.words} />
      </div>
      {form.error === null ? null : (
        <p class="form-error" role="alert">
          {form.error.message}
        </p>
      )}
      <div class="resolve-end">
        <button type="submit" class="button primary" disabled={form.busy || decision === null}>
          {form.busy ? 'Deciding…' : 'Decide and tell them'}
        </button>
        <p class="report-what">
          {answered === 0
            ? 'Nobody was answered, so nobody is written to.'
            : `${format.count(answered, 'person', 'people')} who reported it get a message.`}
        </p>
      </div>
    </form>
  );
}
