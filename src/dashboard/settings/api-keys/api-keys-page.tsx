import { useState } from 'preact/hooks';
import { listKeys } from '../../api/organisations/api-keys.js';
import type { ApiKey, CreatedApiKey } from '../../api/types.js';
import { Failure } from '../../parts/notice.js';
import { useLoad } from '../../parts/use-load.js';
import type { SettingsPageProps } from '../pages.js';
import { KeyRow } from './key-row.js';
import { NewKeyForm } from './new-key-form.js';
import { OwnWay } from '../own-way.js';
import { NewSecret } from './new-secret.js';

/** Keys for programs: a mail server, a script, another service. */
export function ApiKeysPage({ account }: SettingsPageProps) {
  const { result, reload } = useLoad('api-keys', listKeys);
  const [making, setMaking] = useState(false);
  const [fresh, setFresh] = useState<CreatedApiKey | null>(null);
  const show = (key: CreatedApiKey): void => {
    setFresh(key);
    setMaking(false);
    reload();
  };
  return (
    <>
      <section class="settings-section">
        <p>
          For programs that use postern in your name: a mail server that asks about each message, a script, another
          service. A key can do what you tick, and never more than you can yourself.
        </p>
        {fresh === null ? null : <NewSecret created={fresh} onDone={() => setFresh(null)} />}
        <OwnWay what="Keys are made and rotated">
          {making ? (
            <NewKeyForm onCreated={show} onCancel={() => setMaking(false)} />
          ) : (
            <button type="button" class="button primary" onClick={() => setMaking(true)}>
              Make a key
            </button>
          )}
        </OwnWay>
      </section>
      <section class="settings-section" aria-label="Keys">
        {result.state === 'loading' ? <p class="api-keys-empty">Loading…</p> : null}
        {result.state === 'failed' ? <Failure message={result.error.message} retry={reload} /> : null}
        {result.state === 'ready' ? (
          <KeyList keys={result.value} mayRotate={!account.confined} onRotated={show} onRevoked={reload} />
        ) : null}
      </section>
    </>
  );
}

interface KeyListProps {
  readonly keys: readonly ApiKey[];
  readonly mayRotate: boolean;
  readonly onRotated: (key: CreatedApiKey) => void;
  readonly onRevoked: () => void;
}

function KeyList({ keys, mayRotate, onRotated, onRevoked }: KeyListProps) {
  if (keys.length === 0) {
    return <p class="api-keys-empty">There are no keys yet. Nothing but people can use postern in your name.</p>;
  }
  return (
    <ul class="api-keys">
      {keys.map((key) => (
        <KeyRow
          key={key.id}
          apiKey={key}
          mayRotate={mayRotate && key.own}
          onRotated={onRotated}
          onRevoked={onRevoked}
        />
      ))}
    </ul>
  );
}
