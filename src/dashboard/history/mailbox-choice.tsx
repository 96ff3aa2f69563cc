import { useEffect, useState } from 'preact/hooks';
import { getMailbox, listMailboxes } from '../api/mailboxes/mailboxes.js';
import { useLoad } from '../parts/use-load.js';
import { useWords } from '../parts/use-words.js';
import { historyPath, navigate } from '../state/router.js';
import { parseQuery, withAddress, withMailbox } from './query.js';

/** So many fit in a list to choose from; of more, one is looked for by its address. */
const MOST = 50;

/** Of which mailbox the history is; nothing where there are none to choose from. */
export function MailboxChoice({ query }: { readonly query: string }) {
  const { result } = useLoad('mailboxes', () => listMailboxes({ limit: MOST }, null));
  if (result.state !== 'ready' || result.value.items.length === 0) return null;
  if (result.value.next_cursor !== null) return <ByAddress query={query} />;
  return (
    <label class="filter-period filter-mailbox">
      <span class="visually-hidden">Mailbox</span>
      <select
        value={parseQuery(query).mailbox ?? ''}
        onChange={({ currentTarget: { value } }) => choose(query, value === '' ? null : value)}
      >
        <option value="">All sources</option>
        {result.value.items.map(({ id, address }) => (
          <option key={id} value={id}>
            {address}
          </option>
        ))}
      </select>
    </label>
  );
}

function ByAddress({ query }: { readonly query: string }) {
  const chosen = parseQuery(query).mailbox;
  const [typed, text, type] = useWords();
  const [written, setWritten] = useState(false);
  const known = useLoad(chosen ?? '', async () => (chosen === null ? '' : (await getMailbox(chosen)).address));
  const found = useLoad(text, async () => (text === '' ? [] : (await listMailboxes({ text, limit: 10 }, null)).items));
  const items = found.result.state === 'ready' ? found.result.value : [];
  // Whoever pastes a whole address is there before what it is compared with.
  const exact = written ? withAddress(items, typed) : undefined;
  useEffect(() => {
    if (exact === undefined) return;
    setWritten(false);
    choose(query, exact.id);
  }, [exact?.id]);
  const shown = known.result.state === 'ready' ? known.result.value : '';
  return (
    <label class="filter-period filter-mailbox">
      <span class="visually-hidden">Mailbox, by its address</span>
      <input
        type="search"
        list="mailbox-addresses"
        placeholder="All mailboxes"
        autocomplete="off"
        value={written ? typed : shown}
        onInput={({ currentTarget: { value } }) => {
          setWritten(true);
          type(value);
          if (value !== '') return;
          setWritten(false);
          choose(query, null);
        }}
      />
      <datalist id="mailbox-addresses">
        {items.map(({ id, address }) => (
          <option key={id} value={address} />
        ))}
      </datalist>
    </label>
  );
}

const choose = (query: string, id: string | null): void => navigate(historyPath(withMailbox(query, id)));
