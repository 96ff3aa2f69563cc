import type { ConnectedMailbox } from '../api/types.js';
import { Icon } from '../parts/icon.js';
import { mailboxesPath, navigate } from '../state/router.js';
import { STATE_WORDS } from './mailbox-words.js';

type State = ConnectedMailbox['state'];
const STATES = Object.keys(STATE_WORDS) as State[];

export const readState = (text: string | null): State | null => STATES.find((state) => state === text) ?? null;

interface MailboxFilterProps {
  readonly text: string;
  readonly type: (text: string) => void;
  readonly state: State | null;
}

/** Which of many mailboxes are shown. */
export function MailboxFilter({ text, type, state }: MailboxFilterProps) {
  return (
    <div class="mailbox-filter" role="search">
      <div class="search-row">
        <Icon name="search" size={18} />
        <input
          type="search"
          aria-label="Part of an address"
          placeholder="Part of an address"
          autocomplete="off"
          value={text}
          onInput={({ currentTarget }) => type(currentTarget.value)}
        />
      </div>
      <label>
        <span class="visually-hidden">State</span>
        <select
          value={state ?? ''}
          onChange={({ currentTarget: { value } }) => navigate(mailboxesPath(readState(value)), { replace: true })}
        >
          <option value="">All states</option>
          {STATES.map((one) => (
            <option key={one} value={one}>
              {STATE_WORDS[one].name}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}
