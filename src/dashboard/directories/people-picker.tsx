import { useState } from 'preact/hooks';
import { directoryPeople } from '../api/mailboxes/directories.js';
import { asApiError } from '../api/problem.js';
import type { DirectoryPeople } from '../api/types.js';
import * as format from '../parts/format.js';
import { Failure } from '../parts/notice.js';
import { useLoad } from '../parts/use-load.js';
import { say } from '../state/toasts.js';
import { useWords } from '../parts/use-words.js';

interface PeoplePickerProps {
  readonly id: string;
  readonly chosen: ReadonlySet<string>;
  readonly choose: (change: (now: ReadonlySet<string>) => ReadonlySet<string>) => void;
}

type Person = DirectoryPeople['items'][number];

/** The directory, by pages and with a search. What was ticked stays ticked when something else is looked for. */
export function PeoplePicker({ id, chosen, choose }: PeoplePickerProps) {
  const [typed, settled, type] = useWords();
  const [busy, setBusy] = useState(false);
  const { result, reload, replace } = useLoad(`${id} ${settled}`, async () => {
    const page = await directoryPeople(id, settled, null);
    const before = page.items.filter((one) => one.chosen).map((one) => one.id);
    choose((now) => (now.size === 0 ? new Set(before) : now));
    return page;
  });
  const more = async (page: DirectoryPeople): Promise<void> => {
    setBusy(true);
    try {
      const next = await directoryPeople(id, settled, page.next_cursor);
      replace({ items: [...page.items, ...next.items], next_cursor: next.next_cursor });
    } catch (thrown) {
      say(asApiError(thrown).message);
    } finally {
      setBusy(false);
    }
  };
  const toggle = (person: Person): void =>
    choose((now) => {
      const next = new Set(now);
      if (!next.delete(person.id)) next.add(person.id);
      return next;
    });
  return (
    <div class="picker">
      <div class="field">
        <label for="people-search">Search by name, or by the beginning of an address</label>
        <input
          id="people-search"
          type="search"
          autocomplete="off"
          value={typed}
          onInput={({ currentTarget }) => type(currentTarget.value)}
        />
      </div>
      {result.state === 'failed' ? <Failure message={result.error.message} retry={reload} /> : null}
      {result.state === 'loading' ? <p aria-busy="true">Asking the directory…</p> : null}
      {result.state === 'ready' ? (
        <>
          <ul class="picker-list" aria-label="People of the directory">
            {result.value.items.map((person) => (
              <li key={person.id}>
                <label>
                  <input
                    type="checkbox"
                    disabled={!person.active || person.mailbox?.own_way === true}
                    checked={chosen.has(person.id)}
                    onChange={() => toggle(person)}
                  />
                  <span>
                    <strong>{person.name === '' ? person.address : person.name}</strong>
                    <span class="picker-note">{noteOf(person)}</span>
                  </span>
                </label>
              </li>
            ))}
          </ul>
          {result.value.items.length === 0 ? <p>Nobody fits.</p> : null}
          {result.value.next_cursor === null ? null : (
            <button type="button" class="button small" disabled={busy} onClick={() => void more(result.value)}>
              Show more
            </button>
          )}
        </>
      ) : null}
      <p role="status">{format.count(chosen.size, 'person', 'people')} chosen</p>
    </div>
  );
}

function noteOf({ address, active, mailbox }: Person): string {
  if (!active) return `${address} · suspended`;
  if (mailbox?.own_way === true && mailbox.status !== 'disconnected') return `${address} · connected by themselves`;
  return mailbox?.status === 'connected' ? `${address} · connected` : address;
}
