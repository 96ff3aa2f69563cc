import { useEffect, useRef } from 'preact/hooks';
import type { CreatedApiKey } from '../../api/types.js';
import { CopyButton } from '../../parts/copy-button.js';
import { moment } from '../../parts/format.js';

/** The secret, this once. It takes the focus, so that nobody passes it by. */
export function NewSecret({ created, onDone }: { readonly created: CreatedApiKey; readonly onDone: () => void }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus(), [created.secret]);
  const former = created.former_secret_until;
  return (
    <div class="notice new-secret" ref={box} tabIndex={-1} role="group" aria-label={`Secret of ${created.name}`}>
      <p class="notice-title">Copy the secret of “{created.name}” now</p>
      <p>It is shown this once. postern keeps only its hash and cannot show it again.</p>
      <p class="secret-line">
        <code>{created.secret}</code>
        <CopyButton text={created.secret} what="the secret" label="Copy" />
      </p>
      {former === null ? null : <p class="field-hint">The secret before works until {moment(former)}.</p>}
      <button type="button" class="button" onClick={onDone}>
        I have it
      </button>
    </div>
  );
}
