import { useState } from 'preact/hooks';
import { PlaceTitle } from '../parts/place-title.js';
import { Tabs } from '../parts/tabs.js';
import { useStore } from '../state/store.js';
import { DropZone } from './drop-zone.js';
import { EnterFields } from './enter-fields.js';
import { PasteRaw } from './paste-raw.js';
import { clearFinished, scans } from './queue.js';
import { ScanCard } from './scan-card.js';
import { scanSample } from './submit.js';

type Way = 'file' | 'raw' | 'fields';
const WAYS = [
  { id: 'file', label: 'Files' },
  { id: 'raw', label: 'Paste source' },
  { id: 'fields', label: 'Enter by hand' },
] as const;

export function ScanPlace() {
  const [way, setWay] = useState<Way>('file');
  const queue = useStore(scans);
  const finished = queue.filter((scan) => scan.phase === 'done' || scan.phase === 'failed').length;
  return (
    <section class="page scan-place">
      <PlaceTitle title="Scan a message" />
      <div class="scan-columns">
        <div class="sheet scan-ways">
          <Tabs name="way" tabs={WAYS} chosen={way} onChoose={setWay}>
            {way === 'file' ? <DropZone /> : way === 'raw' ? <PasteRaw /> : <EnterFields />}
          </Tabs>
        </div>
        <section class="scan-queue" aria-labelledby="queue-title">
          <header class="section-head">
            <h2 id="queue-title">{queue.length === 0 ? 'Results appear here' : 'Results'}</h2>
            {finished > 0 ? (
              <button type="button" class="button quiet" onClick={clearFinished}>
                Clear the list
              </button>
            ) : null}
          </header>
          <div aria-live="polite">
            {queue.map((scan) => (
              <ScanCard key={scan.key} scan={scan} />
            ))}
          </div>
          {queue.length === 0 ? (
            <div class="empty">
              <p>
                No message at hand? Try the one that comes with postern: a harmless example of a message that wants a
                password.
              </p>
              <button type="button" class="button" onClick={scanSample}>
                Scan the sample message
              </button>
            </div>
          ) : (
            <p class="hint">Clearing the list deletes nothing; every result stays in History.</p>
          )}
        </section>
      </div>
    </section>
  );
}
