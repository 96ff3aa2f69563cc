import type { EvidencePlace, Message } from '../api/types.js';
import * as format from '../parts/format.js';
import { Icon } from '../parts/icon.js';
import { AttachmentRow } from './attachment-row.js';
import { LinkRow } from './link-row.js';

const FIRST = 100;

/** Where every link leads, and what every attachment is. Nothing here can be clicked by accident. */
export function PartsTab({ message, at }: { readonly message: Message; readonly at: EvidencePlace | undefined }) {
  const { links, attachments } = message;
  return (
    <div class="parts-tab">
      <h3>Links</h3>
      {links.length === 0 ? <p class="hint">This message has no links.</p> : null}
      <ul>
        {links.slice(0, FIRST).map((link, index) => (
          <LinkRow key={index} link={link} marked={at?.kind === 'link' && at.index === index} />
        ))}
      </ul>
      {links.length > FIRST ? <p class="hint">{links.length - FIRST} further links are not listed here.</p> : null}
      <h3>Attachments</h3>
      {attachments.length === 0 ? (
        <p class="hint">This message has no attachments.</p>
      ) : (
        <p class="hint">Examined in memory and not kept: only names, types and hashes remain.</p>
      )}
      <ul>
        {attachments.map((attachment, index) => (
          <AttachmentRow key={index} attachment={attachment} marked={at?.kind === 'attachment' && at.index === index} />
        ))}
      </ul>
      {message.nested.length === 0 ? null : (
        <>
          <h3>Messages inside this one</h3>
          <ul>
            {message.nested.map((inner, index) => (
              <li key={index} class="part">
                <Icon name="mail" size={18} />
                <div>
                  <p class="part-name">{format.title(inner.subject)}</p>
                  <p class="part-detail">{format.sender(inner.from[0] ?? null)}</p>
                </div>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
