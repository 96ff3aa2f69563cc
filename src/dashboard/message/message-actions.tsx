import { useState } from 'preact/hooks';
import { getAvailability } from '../api/detection/language-model.js';
import { asApiError } from '../api/problem.js';
import { rescan, type Reason } from '../api/scans/scans.js';
import type { ScanResult } from '../api/types.js';
import { CopyButton } from '../parts/copy-button.js';
import * as format from '../parts/format.js';
import { Icon } from '../parts/icon.js';
import { LABEL_WORDS } from '../parts/labels.js';
import { useLoad } from '../parts/use-load.js';
import { deleteWithUndo } from '../state/deletions.js';
import { navigate } from '../state/router.js';
import { say } from '../state/toasts.js';
import { SenderActions } from './sender-actions.js';

interface MessageActionsProps {
  readonly scan: ScanResult;
  readonly reason: Reason;
  readonly onRescanned: (scan: ScanResult) => void;
}

export function MessageActions({ scan, reason, onRescanned }: MessageActionsProps) {
  const [busy, setBusy] = useState(false);
  const model = useLoad('availability', getAvailability).result;
  const choice = model.state === 'ready' && model.value.available;
  const again = async (llm?: boolean): Promise<void> => {
    setBusy(true);
    try {
      const fresh = await rescan(scan.id, reason, llm);
      onRescanned(fresh);
      say(comparison(scan, fresh));
    } catch (thrown) {
      say(`It could not be scanned again. ${asApiError(thrown).message}`);
    } finally {
      setBusy(false);
    }
  };
  return (
    <div class="actions" role="group" aria-label="Actions">
      <button type="button" class="button" disabled={busy} onClick={() => void again(choice ? true : undefined)}>
        <Icon name="again" size={16} />
        <span>{busy ? 'Scanning again…' : choice ? 'Scan again with the model' : 'Scan again'}</span>
      </button>
      {choice ? (
        <button type="button" class="button" disabled={busy} onClick={() => void again(false)}>
          Without it
        </button>
      ) : null}
      <button type="button" class="button" onClick={() => download(scan)}>
        <Icon name="download" size={16} />
        <span>Download as JSON</span>
      </button>
      <SenderActions key={scan.rescanned_at ?? ''} scan={scan} />
      <CopyButton text={scan.id} what="the scan’s id" label="Copy id" />
      <button
        type="button"
        class="button quiet"
        onClick={() => {
          deleteWithUndo(scan.id, format.title(scan.message.subject));
          navigate('/history');
        }}
      >
        <Icon name="trash" size={16} />
        <span>Delete</span>
      </button>
    </div>
  );
}

function comparison(before: ScanResult, after: ScanResult): string {
  const now = `${LABEL_WORDS[after.label].name}, ${format.score(after.score)} of 100`;
  if (before.label === after.label && format.score(before.score) === format.score(after.score)) {
    return `Scanned again. Still ${now}.`;
  }
  return `Scanned again. Now ${now}; before ${LABEL_WORDS[before.label].name}, ${format.score(before.score)}.`;
}

function download(scan: ScanResult): void {
  const url = URL.createObjectURL(new Blob([JSON.stringify(scan, null, 2)], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = `postern-${scan.id}.json`;
  link.click();
  URL.revokeObjectURL(url);
}
