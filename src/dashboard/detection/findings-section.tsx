import { useState } from 'preact/hooks';
import { listFindings } from '../api/detection/detection.js';
import type { CatalogueFinding, FindingCatalogue, Layer } from '../api/types.js';
import * as format from '../parts/format.js';
import { LAYERS, LAYER_WORDS } from '../parts/labels.js';
import { Failure } from '../parts/notice.js';
import { useLoad } from '../parts/use-load.js';
import { FindingRow } from './finding-row.js';
import type { SectionProps } from './section.js';

const DAYS = 7;
const VIEWS = { all: 'All', fired: 'Reported lately', changed: 'Changed by you' } as const;
type View = keyof typeof VIEWS;

/** Every finding with how much it counts, here and as shipped. */
export function FindingsSection({ profile, onChange }: SectionProps) {
  const { result, reload } = useLoad('findings', () => listFindings(DAYS));
  const [search, setSearch] = useState('');
  const [view, setView] = useState<View>('all');
  if (result.state === 'failed') return <Failure message={result.error.message} retry={reload} />;
  if (result.state === 'loading') return <div class="blank" aria-busy="true" />;
  const { items, counted } = result.value;
  const factorOf = (id: string): number => profile.weights[id] ?? 1;
  const wanted = search.trim().toLowerCase();
  const shown = items.filter(
    (item) =>
      (view !== 'fired' || item.fired > 0) &&
      (view !== 'changed' || factorOf(item.id) !== 1) &&
      `${item.id} ${item.title} ${item.meaning}`.toLowerCase().includes(wanted),
  );
  const set = (id: string, factor: number): void => {
    const { [id]: _former, ...others } = profile.weights;
    onChange({ ...profile, weights: factor === 1 ? others : { ...others, [id]: factor } });
  };
  return (
    <section class="settings-section">
      <p>
        Everything postern can notice about a message. How much each counts was fitted on real mail; here you can let
        one count more, less or not at all. {countedInWords(counted)}
      </p>
      <div class="catalogue-tools">
        <input
          class="entry-search"
          type="search"
          aria-label="Search findings"
          placeholder="Search findings"
          value={search}
          onInput={(event) => setSearch(event.currentTarget.value)}
        />
        <fieldset class="segments">
          <legend class="visually-hidden">Which findings</legend>
          {(Object.keys(VIEWS) as View[]).map((key) => (
            <label key={key}>
              <input type="radio" name="view" checked={view === key} onChange={() => setView(key)} />
              <span>{VIEWS[key]}</span>
            </label>
          ))}
        </fieldset>
      </div>
      {shown.length === 0 ? <p class="entry-empty">No finding fits.</p> : null}
      {LAYERS.map((layer) => (
        <LayerFindings
          key={layer}
          layer={layer}
          items={shown.filter((item) => item.layer === layer)}
          scans={counted.scans}
          {...{ factorOf, set }}
        />
      ))}
    </section>
  );
}

interface LayerFindingsProps {
  readonly layer: Layer;
  readonly items: readonly CatalogueFinding[];
  readonly scans: number;
  readonly factorOf: (id: string) => number;
  readonly set: (id: string, factor: number) => void;
}

function LayerFindings({ layer, items, scans, factorOf, set }: LayerFindingsProps) {
  if (items.length === 0) return null;
  return (
    <section aria-labelledby={`catalogue-${layer}`}>
      <h2 id={`catalogue-${layer}`} class="catalogue-layer">
        {LAYER_WORDS[layer].name}
      </h2>
      <ul class="catalogue sheet">
        {items.map((item) => (
          <FindingRow
            key={item.id}
            finding={item}
            factor={factorOf(item.id)}
            scans={scans}
            onFactor={(factor) => set(item.id, factor)}
          />
        ))}
      </ul>
    </section>
  );
}

function countedInWords({ scans, complete, days }: FindingCatalogue['counted']): string {
  if (scans === 0) return `Nothing was scanned in the last ${days} days, so there is nothing to count yet.`;
  const which = complete
    ? `${format.count(scans, 'scan')} of the last ${days} days`
    : `newest ${format.count(scans, 'scan')}`;
  return `How often each was reported is counted in the ${which}.`;
}
