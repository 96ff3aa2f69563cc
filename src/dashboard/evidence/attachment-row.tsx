import type { MessageAttachment } from '../api/types.js';
import { CopyButton } from '../parts/copy-button.js';
import * as format from '../parts/format.js';
import { Icon } from '../parts/icon.js';

const EXAMINED: Readonly<Record<MessageAttachment['examined'], string>> = {
  complete: 'looked at in full',
  partial: 'looked at in part, it is too large or too deep',
  encrypted: 'encrypted, so nobody could look inside',
  unsupported: 'a kind that is only known by name and hash',
  damaged: 'damaged, so only its name and hash are known',
};
const ENTRIES = 12;

export function AttachmentRow({
  attachment,
  marked,
}: {
  readonly attachment: MessageAttachment;
  readonly marked: boolean;
}) {
  const { declared_type: declared, detected_type: detected, entries } = attachment;
  const kind = detected === null || detected === declared ? declared : `${detected}, declared as ${declared}`;
  return (
    <li class={marked ? 'part is-evidence' : 'part'}>
      <Icon name="clip" size={18} />
      <div>
        <p class="part-name">{attachment.filename ?? 'Without a name'}</p>
        <p class="part-detail">
          {kind}, {format.bytes(attachment.size)}; {EXAMINED[attachment.examined]}
        </p>
        <p class="part-url mono">{attachment.sha256}</p>
        {entries.length === 0 ? null : (
          <ul class="entries" aria-label="What it holds">
            {entries.slice(0, ENTRIES).map((entry, index) => (
              <li key={index}>
                {entry.name}, {format.bytes(entry.size)}
                {entry.encrypted ? ', encrypted' : ''}
              </li>
            ))}
            {entries.length > ENTRIES ? <li>and {format.count(entries.length - ENTRIES, 'other')}</li> : null}
          </ul>
        )}
      </div>
      <CopyButton text={attachment.sha256} what="the SHA-256" />
    </li>
  );
}
