import { CopyButton } from '../../parts/copy-button.js';
import { Notice } from '../../parts/notice.js';

interface RecoveryCodeListProps {
  readonly codes: readonly string[];
  readonly close: () => void;
}

/** Shown once, right after they were made. */
export function RecoveryCodeList({ codes, close }: RecoveryCodeListProps) {
  return (
    <div class="recovery">
      <Notice title="Keep these recovery codes" role="status">
        <p>
          Each signs you in once when the app is out of reach. They are shown this one time; codes you had before are
          void.
        </p>
        <ul class="recovery-codes">
          {codes.map((code) => (
            <li key={code}>{code}</li>
          ))}
        </ul>
        <div class="settings-buttons">
          <CopyButton text={codes.join('\n')} what="the codes" label="Copy all" />
          <button type="button" class="button" onClick={close}>
            I have kept them
          </button>
        </div>
      </Notice>
    </div>
  );
}
