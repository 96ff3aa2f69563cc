import type { ApiError } from '../api/problem.js';
import { SECTION_NAMES, type Section } from './draft.js';
import type { Proposal } from './use-proposal.js';
import { faultInWords } from './words.js';

interface UnsavedBarProps {
  readonly sections: readonly Section[];
  readonly proposal: Proposal;
  readonly onDiscard: () => void;
  readonly onTakeTheirs: () => void;
}

const SCANS = 500;

/** Stays in view while there are changes that are not in force. */
export function UnsavedBar({ sections, proposal, onDiscard, onTakeTheirs }: UnsavedBarProps) {
  const { busy, error } = proposal;
  return (
    <div class="unsaved" role="region" aria-label="Unsaved changes">
      {error === null ? null : <Fault {...{ error, onTakeTheirs }} />}
      <p>
        <strong>Not saved yet:</strong> {sections.map((section) => SECTION_NAMES[section]).join(', ')}
      </p>
      <div class="unsaved-actions">
        <button type="button" class="button quiet" disabled={busy} onClick={onDiscard}>
          Discard
        </button>
        <button type="button" class="button" disabled={busy} onClick={() => void proposal.look(SCANS)}>
          {busy ? 'Looking…' : 'Preview the effect'}
        </button>
        <button type="button" class="button primary" disabled={busy} onClick={() => void proposal.save()}>
          Save
        </button>
      </div>
    </div>
  );
}

function Fault({ error, onTakeTheirs }: { readonly error: ApiError; readonly onTakeTheirs: () => void }) {
  return (
    <div class="form-error" role="alert">
      {error.fields.length === 0 ? <p>{error.message}</p> : null}
      {error.fields.slice(0, 6).map((fault) => (
        <p key={`${fault.path} ${fault.message}`}>{faultInWords(fault)}</p>
      ))}
      {error.fields.length <= 6 ? null : <p>And {error.fields.length - 6} more.</p>}
      {error.code === 'detection.profile-changed' ? (
        <button type="button" class="button small" onClick={onTakeTheirs}>
          Drop my changes and show theirs
        </button>
      ) : null}
    </div>
  );
}
