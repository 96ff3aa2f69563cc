import { useState } from 'preact/hooks';
import { chooseMailboxes } from '../api/mailboxes/directories.js';
import { useForm } from '../account/use-form.js';
import type { DirectoryAccess, DirectoryChoice } from '../api/types.js';
import { AskAdministrator } from '../settings/own-password.js';
import { say } from '../state/toasts.js';
import { GroupPicker } from './group-picker.js';
import { PeoplePicker } from './people-picker.js';

interface ChoiceStepProps {
  readonly access: DirectoryAccess;
  readonly cancel: () => void;
  readonly chosen: () => void;
}

const MODES: readonly (readonly [DirectoryChoice['mode'], string])[] = [
  ['all', 'Everybody'],
  ['group', 'A group'],
  ['some', 'Some people'],
];
const BACKFILL: readonly (readonly [string, string])[] = [
  ['0', 'Only what comes from now on'],
  ['7', 'The last 7 days'],
  ['30', 'The last 30 days'],
  ['all', 'Everything'],
];

/** Whose mailboxes: everybody and groups follow the directory, names are as they are. */
export function ChoiceStep({ access, cancel, chosen }: ChoiceStepProps) {
  const [mode, setMode] = useState<DirectoryChoice['mode']>(access.mode === 'none' ? 'all' : access.mode);
  const [people, setPeople] = useState<ReadonlySet<string>>(new Set());
  const [group, setGroup] = useState(access.group);
  const [days, setDays] = useState(access.backfill_days === null && access.mode !== 'none' ? 'all' : '30');
  const ready = mode === 'all' || (mode === 'group' ? group !== null : people.size > 0);
  const form = useForm(async (value) => {
    const choice = {
      ...{ mode, people: mode === 'some' ? [...people] : [], group: mode === 'group' ? group : null },
      backfill_days: days === 'all' ? null : Number(days),
    };
    await chooseMailboxes(access.id, choice, value('password'));
    say('They are being connected; that takes a few minutes for a large organisation.');
    chosen();
  });
  return (
    <form class="sheet connect-form" onSubmit={form.onSubmit} aria-busy={form.busy} aria-label="Whose mailboxes">
      <fieldset class="segments">
        <legend>Connect the mailboxes of</legend>
        {MODES.map(([value, name]) => (
          <label key={value}>
            <input type="radio" name="mode" checked={mode === value} onChange={() => setMode(value)} />
            <span>{name}</span>
          </label>
        ))}
      </fieldset>
      {mode === 'all' ? (
        <p class="connect-note">
          Everybody who is in the directory, also who joins later. Who leaves or is suspended is disconnected.
        </p>
      ) : null}
      {mode === 'group' ? <GroupPicker id={access.id} group={group} choose={setGroup} /> : null}
      {mode === 'some' ? <PeoplePicker id={access.id} chosen={people} choose={setPeople} /> : null}
      <div class="field">
        <label for="directory-backfill">Messages that are there already</label>
        <select id="directory-backfill" value={days} onChange={({ currentTarget }) => setDays(currentTarget.value)}>
          {BACKFILL.map(([value, name]) => (
            <option key={value} value={value}>
              {name}
            </option>
          ))}
        </select>
      </div>
      <AskAdministrator />
      {form.error === null ? null : (
        <p class="form-error" role="alert">
          {form.error.message}
        </p>
      )}
      <div class="connect-actions">
        <button type="button" class="button quiet" disabled={form.busy} onClick={cancel}>
          Not now
        </button>
        <button type="submit" class="button primary" disabled={form.busy || !ready}>
          {form.busy ? 'Connecting…' : 'Connect them'}
        </button>
      </div>
    </form>
  );
}
