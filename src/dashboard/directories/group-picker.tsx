import { directoryGroups } from '../api/mailboxes/directories.js';
import type { DirectoryAccess } from '../api/types.js';
import { Failure } from '../parts/notice.js';
import { useLoad } from '../parts/use-load.js';
import { useWords } from '../parts/use-words.js';

interface GroupPickerProps {
  readonly id: string;
  readonly group: DirectoryAccess['group'];
  readonly choose: (group: NonNullable<DirectoryAccess['group']>) => void;
}

/** One group of the directory; who is in a group inside it counts too. */
export function GroupPicker({ id, group, choose }: GroupPickerProps) {
  const [typed, settled, type] = useWords();
  const { result, reload } = useLoad(`${id} ${settled}`, () => directoryGroups(id, settled));
  return (
    <div class="picker">
      <div class="field">
        <label for="group-search">Search by the beginning of its name</label>
        <input
          id="group-search"
          type="search"
          autocomplete="off"
          value={typed}
          onInput={({ currentTarget }) => type(currentTarget.value)}
        />
      </div>
      {result.state === 'failed' ? <Failure message={result.error.message} retry={reload} /> : null}
      {result.state === 'loading' ? <p aria-busy="true">Asking the directory…</p> : null}
      {result.state === 'ready' ? (
        <ul class="picker-list" aria-label="Groups of the directory">
          {result.value.items.map(({ id: groupId, name, address }) => (
            <li key={groupId}>
              <label>
                <input
                  type="radio"
                  name="group"
                  checked={group?.id === groupId}
                  onChange={() => choose({ id: groupId, name })}
                />
                <span>
                  <strong>{name}</strong>
                  <span class="picker-note">{address}</span>
                </span>
              </label>
            </li>
          ))}
        </ul>
      ) : null}
      <p role="status">{group === null ? 'No group chosen' : `${group.name} is chosen`}</p>
    </div>
  );
}
