import type { MessageLink } from '../api/types.js';
import { CopyButton } from '../parts/copy-button.js';
import { Icon } from '../parts/icon.js';

const ORIGINS: Readonly<Record<string, string>> = {
  'html-anchor': 'a link in the message',
  'html-area': 'an area of an image',
  'html-form': 'where a form is sent',
  'html-image': 'an image to load',
  'html-other': 'loaded with the message',
  text: 'written in the text',
  subject: 'written in the subject',
  qr: 'a QR code',
  pdf: 'a PDF file',
  office: 'an Office file',
  calendar: 'an invitation',
  attachment: 'an attachment',
  nested: 'a message inside the message',
};

export function LinkRow({ link, marked }: { readonly link: MessageLink; readonly marked: boolean }) {
  const target = link.href ?? link.url;
  return (
    <li class={marked ? 'part is-evidence' : 'part'}>
      <Icon name="link" size={18} />
      <div>
        <p class="part-name">{link.host === '' ? target.slice(0, 80) : link.host}</p>
        {link.text.trim() === '' ? null : <p class="part-detail">shown as “{link.text.trim().slice(0, 160)}”</p>}
        <p class="part-url mono">{target}</p>
        <p class="part-detail">
          {ORIGINS[link.origin] ?? link.origin}
          {link.wrappers.length === 0 ? '' : `, unwrapped from ${link.wrappers.join(', ')}`}
        </p>
      </div>
      <CopyButton text={target} what="the link" />
    </li>
  );
}
