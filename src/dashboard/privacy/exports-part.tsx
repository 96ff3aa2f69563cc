import { useEffect, useState } from 'preact/hooks';
import { useForm } from '../account/use-form.js';
import { exportFile, exportList, startExport } from '../api/governance/privacy.js';
import { asApiError } from '../api/problem.js';
import { save } from '../api/save.js';
import type { Exports } from '../api/types.js';
import { count, day, recently } from '../parts/format.js';
import { Failure } from '../parts/notice.js';
import { useLoad } from '../parts/use-load.js';
import { SettingsForm } from '../settings/form.js';
import { AskPassword } from '../settings/own-password.js';
import { OwnWay } from '../settings/own-way.js';
import { say } from '../state/toasts.js';

const WORDS = {
  waiting: 'waiting its turn',
  running: 'being written',
  ready: 'ready',
  failed: 'did not work',
} as const;
const AGAIN_MS = 2000;

/** Everything of the person as files; it goes on when the page is left, and is found here again. */
export function ExportsPart({ tenant }: { readonly tenant: string }) {
  const { result, reload } = useLoad('exports', exportList);
  const under = result.state === 'ready' && result.value.items.some(({ status }) => /waiting|running/.test(status));
  useEffect(() => {
    if (!under) return undefined;
    const timer = setInterval(reload, AGAIN_MS);
    return () => clearInterval(timer);
  }, [under]);
  const [asking, setAsking] = useState(false);
  const form = useForm(async (value) => {
    await startExport(value('password'));
    setAsking(false);
    reload();
  });
  return (
    <section class="settings-section">
      <h2>Export what is yours</h2>
      <p>
        Your account, consents, log entries and scans in {tenant} as JSON, and the stored messages as mbox, which mail
        programs open. It is kept for seven days.
      </p>
      {result.state === 'failed' ? <Failure message={result.error.message} retry={reload} /> : null}
      {result.state === 'ready' && result.value.items.length > 0 ? (
        <ul class="people">
          {result.value.items.map((entry) => (
            <Entry key={entry.id} entry={entry} />
          ))}
        </ul>
      ) : null}
      <OwnWay what="Exports and deletions are asked for">
        {asking ? (
          <SettingsForm form={form} submit="Export everything" label="Start an export" cancel={() => setAsking(false)}>
            <AskPassword />
          </SettingsForm>
        ) : (
          <div class="button-row">
            <button type="button" class="button" disabled={under} onClick={() => setAsking(true)}>
              {under ? 'Export is being written…' : 'Start an export'}
            </button>
          </div>
        )}
      </OwnWay>
    </section>
  );
}

function Entry({ entry }: { readonly entry: Exports['items'][number] }) {
  const fetchFile = (file: 'json' | 'mbox'): void => {
    exportFile(entry.id, file).then(
      (content) => save(content, file === 'json' ? 'postern.ndjson' : 'postern.mbox'),
      (thrown: unknown) => say(asApiError(thrown).message),
    );
  };
  return (
    <li class="person">
      <div>
        <p class="person-name">Export of {recently(entry.created_at)}</p>
        <p class="person-detail" role="status">
          {WORDS[entry.status]} · {count(entry.messages_done, 'message')} · until {day(entry.expires_at)}
        </p>
      </div>
      {entry.status === 'ready' ? (
        <div class="person-actions">
          <button type="button" class="button small" onClick={() => fetchFile('json')}>
            Download JSON
          </button>
          <button type="button" class="button small" onClick={() => fetchFile('mbox')}>
            Download mbox
          </button>
        </div>
      ) : null}
    </li>
  );
}
