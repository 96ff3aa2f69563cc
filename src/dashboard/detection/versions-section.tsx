import { useState } from 'preact/hooks';
import { listVersions, restoreVersion } from '../api/detection/detection.js';
import { asApiError } from '../api/problem.js';
import type { DetectionChange, DetectionSettings, DetectionVersion } from '../api/types.js';
import * as format from '../parts/format.js';
import { Failure } from '../parts/notice.js';
import { useLoad } from '../parts/use-load.js';
import { say } from '../state/toasts.js';
import { fieldName } from './words.js';

interface VersionsSectionProps {
  readonly settings: DetectionSettings;
  /** There are changes that are not saved: going back would lose them. */
  readonly dirty: boolean;
  readonly onRestored: (settings: DetectionSettings) => void;
}

/** Who changed what, and the way back. */
export function VersionsSection({ settings, dirty, onRestored }: VersionsSectionProps) {
  const { result, reload } = useLoad(`versions ${settings.version}`, listVersions);
  const [busy, setBusy] = useState(false);
  const restore = async (version: number): Promise<void> => {
    setBusy(true);
    try {
      onRestored(await restoreVersion(settings.version, version));
      say(`These are the settings of version ${version} again.`);
    } catch (thrown) {
      say(`It could not be done. ${asApiError(thrown).message}`);
    } finally {
      setBusy(false);
    }
  };
  if (result.state === 'failed') return <Failure message={result.error.message} retry={reload} />;
  if (result.state === 'loading') return <div class="blank" aria-busy="true" />;
  if (result.value.length === 0) {
    return <p class="entry-empty">Nothing has been changed yet: detection works as it ships.</p>;
  }
  return (
    <section class="settings-section">
      <p>
        Each change is kept, newest first. Going back to an earlier version is a change of its own, so nothing is lost.
        {dirty ? ' Save or discard your changes before you go back.' : ''}
      </p>
      <ol class="versions">
        {result.value.map((version) => (
          <li key={version.version}>
            <div>
              <p>
                <strong>Version {version.version}</strong>
                <span class="hint"> {whoAndWhen(version)}</span>
              </p>
              {version.restored === null ? null : <p>Went back to version {version.restored}.</p>}
              {version.changes.map((change) => (
                <ChangeLines key={change.field} change={change} />
              ))}
            </div>
            {version.version === settings.version ? (
              <span class="hint">in force</span>
            ) : settings.may_change ? (
              <button
                type="button"
                class="button small"
                disabled={busy || dirty}
                onClick={() => void restore(version.version)}
              >
                Go back to this<span class="visually-hidden">, version {version.version}</span>
              </button>
            ) : null}
          </li>
        ))}
      </ol>
    </section>
  );
}

function whoAndWhen({ changed_by: by, changed_at: at }: DetectionVersion): string {
  return by === null ? 'as it was at first' : `${by.name === '' ? 'somebody' : by.name}, ${format.moment(at)}`;
}

function ChangeLines({ change }: { readonly change: DetectionChange }) {
  const lines = [
    change.added.length === 0 ? null : `added ${change.added.join(', ')}`,
    change.removed.length === 0 ? null : `removed ${change.removed.join(', ')}`,
    ...change.changed.map(({ name, before, after }) => `${name}: ${before} → ${after}`),
    change.more === 0 ? null : `and ${format.count(change.more, 'more entry', 'more entries')}`,
  ].filter((line) => line !== null);
  return (
    <p class="version-change">
      <span>{fieldName(change.field)}</span> {lines.join('; ')}
    </p>
  );
}
