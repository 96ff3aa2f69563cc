import { useState } from 'preact/hooks';
import { asApiError } from '../api/problem.js';
import type { AuditProof } from '../api/types.js';
import { count } from '../parts/format.js';
import { Notice } from '../parts/notice.js';
import { say } from '../state/toasts.js';

interface AuditProofPanelProps {
  readonly title?: string;
  readonly prove: () => Promise<AuditProof>;
}

/** Lets an administrator check that nothing in a log is missing or changed. */
export function AuditProofPanel({ title = 'Is the log whole?', prove }: AuditProofPanelProps) {
  const [found, setFound] = useState<AuditProof | null>(null);
  const [busy, setBusy] = useState(false);
  const check = async (): Promise<void> => {
    setBusy(true);
    try {
      setFound(await prove());
    } catch (thrown) {
      say(asApiError(thrown).message);
    } finally {
      setBusy(false);
    }
  };
  return (
    <section class="settings-section">
      <h2>{title}</h2>
      <p>
        Every minute new entries are sealed in a chain. Computing it again shows whether one is missing, was changed or
        was added later, even by somebody with access to the database.
      </p>
      <button type="button" class="button" disabled={busy} onClick={() => void check()}>
        {busy ? 'Checking…' : 'Check the log'}
      </button>
      {found === null ? null : found.whole ? (
        <Notice
          title={`${count(found.events, 'entry', 'entries')} checked, nothing is missing or changed`}
          role="status"
        >
          <p>
            {count(found.unsealed, 'entry', 'entries')} not sealed yet
            {found.erased > 0 ? `; of ${found.erased} the person has been erased` : ''}. Note this fingerprint
            elsewhere, and it proves later that the end was not cut off:
          </p>
          <p class="secret-line">
            <code>{found.digest === '' ? 'none yet' : found.digest}</code>
          </p>
        </Notice>
      ) : (
        <Notice title="The log is not whole" role="alert">
          <p>
            {found.fault}, behind entry {found.fault_after}. Up to there {count(found.events, 'entry', 'entries')} hold.
          </p>
        </Notice>
      )}
    </section>
  );
}
