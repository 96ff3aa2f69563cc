import { useId, useState } from 'preact/hooks';
import * as format from '../parts/format.js';
import { Icon } from '../parts/icon.js';
import { splitEntries } from './words.js';

interface EntryListProps {
  readonly title: string;
  readonly about: string;
  readonly label: string;
  readonly placeholder: string;
  readonly empty: string;
  readonly entries: readonly string[];
  /** Why an entry cannot be right; null where nothing is plainly wrong. The server has the last word. */
  readonly faultOf: (entry: string) => string | null;
  readonly onChange: (entries: readonly string[]) => void;
}

const SHOWN = 50;
/** From here on it is quicker to search than to look. */
const SEARCHED = 8;

/** A list of addresses, domains or names: add by writing or pasting, take out with a button. */
export function EntryList(props: EntryListProps) {
  const { title, about, label, placeholder, empty, entries, faultOf, onChange } = props;
  const [text, setText] = useState('');
  const [faults, setFaults] = useState<readonly string[]>([]);
  const [search, setSearch] = useState('');
  const [most, setMost] = useState(SHOWN);
  const id = useId();
  const add = (event: Event): void => {
    event.preventDefault();
    const written = splitEntries(text);
    const wrong = written.flatMap((entry) => faultOf(entry) ?? []);
    setFaults(wrong);
    if (wrong.length > 0) return;
    onChange([...new Set([...written, ...entries])]);
    setText('');
  };
  const found = entries.filter((entry) => entry.includes(search.trim().toLowerCase()));
  return (
    <section class="settings-section" aria-labelledby={id}>
      <h2 id={id}>
        {title} {entries.length === 0 ? null : <span class="tab-count">{entries.length}</span>}
      </h2>
      <p>{about}</p>
      <form class="entry-add" onSubmit={add}>
        <input
          type="text"
          aria-label={label}
          aria-describedby={faults.length === 0 ? undefined : `${id}-faults`}
          aria-invalid={faults.length === 0 ? undefined : true}
          autocomplete="off"
          spellcheck={false}
          {...{ placeholder }}
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
        <button type="submit" class="button" disabled={text.trim() === ''}>
          Add
        </button>
      </form>
      {faults.length === 0 ? null : (
        <div class="form-error" role="alert" id={`${id}-faults`}>
          {faults.slice(0, 5).map((fault) => (
            <p key={fault}>{fault}</p>
          ))}
        </div>
      )}
      {entries.length === 0 ? <p class="entry-empty">{empty}</p> : null}
      {entries.length <= SEARCHED ? null : (
        <input
          class="entry-search"
          type="search"
          aria-label={`Search ${title.toLowerCase()}`}
          placeholder={`Search ${format.count(entries.length, 'entry', 'entries')}`}
          value={search}
          onInput={(event) => setSearch(event.currentTarget.value)}
        />
      )}
      {found.length === 0 ? null : (
        <ul class="entry-rows">
          {found.slice(0, most).map((entry) => (
            <li key={entry}>
              <span class="mono">{entry}</span>
              <button
                type="button"
                class="button quiet icon-only"
                aria-label={`Remove ${entry}`}
                onClick={() => onChange(entries.filter((other) => other !== entry))}
              >
                <Icon name="close" size={14} />
              </button>
            </li>
          ))}
        </ul>
      )}
      {found.length <= most ? null : (
        <button type="button" class="button quiet" onClick={() => setMost(most + SHOWN * 4)}>
          Show more of {format.count(found.length, 'entry', 'entries')}
        </button>
      )}
    </section>
  );
}
