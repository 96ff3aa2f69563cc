import { useState } from 'preact/hooks';
import { Icon } from '../parts/icon.js';
import { PlaceTitle } from '../parts/place-title.js';
import { density } from '../state/preferences.js';
import { useStore } from '../state/store.js';
import { HistoryFilters } from './history-filters.js';
import { HistoryList } from './history-list.js';
import { KeyboardHelp } from './keyboard-help.js';
import { SearchBox } from './search-box.js';
import { useHistoryKeys } from './use-history-keys.js';

/** Every message that was scanned and has not expired. The search stands in the address, so it can be kept and shared. */
export function HistoryPlace({ query }: { readonly query: string }) {
  const spacing = useStore(density);
  const [help, setHelp] = useState(false);
  const list = useHistoryKeys(() => setHelp((now) => !now));
  return (
    <section class="page history" data-density={spacing}>
      <header class="history-head">
        <PlaceTitle title="History" />
        <div class="history-tools">
          <button
            type="button"
            class="button quiet"
            aria-pressed={spacing === 'compact'}
            onClick={() => density.set(spacing === 'compact' ? 'comfortable' : 'compact')}
          >
            <Icon name={spacing === 'compact' ? 'rows' : 'rows-close'} size={16} />
            <span>Compact rows</span>
          </button>
          <button type="button" class="button quiet keys-button" aria-expanded={help} onClick={() => setHelp(!help)}>
            <Icon name="keyboard" size={16} />
            <span>Keys</span>
          </button>
        </div>
      </header>
      {help ? <KeyboardHelp /> : null}
      <SearchBox query={query} />
      <HistoryFilters query={query} />
      <div ref={list} class="history-list">
        <HistoryList query={query} />
      </div>
    </section>
  );
}
