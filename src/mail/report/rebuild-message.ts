import { composeMessage } from '../compose.js';
import { parseDate } from '../mime/dates.js';
import type { ParsedPart } from '../mime/part-tree.js';
import { attachFiles } from './attach-files.js';
import type { ForwardedBlock } from './forwarded-block.js';

const ADDRESS = /[^\s<>"'[\]():;,]+@[^\s<>"'[\]():;,]+/;

/**
 * The message that somebody forwarded inline, as far as it can be had again: who it said it was from, its subject, its words with
 * their links, and the files that came along. How it came and what proved its sender is lost.
 */
export function rebuildMessage(found: {
  readonly block: ForwardedBlock;
  readonly text: string;
  readonly html: string;
  readonly attached: readonly ParsedPart[];
}): Uint8Array {
  const { fields } = found.block;
  const sender = senderOf(fields.from ?? '');
  const date = fields.date === undefined || parseDate(fields.date) === null ? null : clean(fields.date);
  const composed = composeMessage({
    fromAddress: sender.address,
    fromDisplayName: sender.name,
    subject: clean(fields.subject ?? ''),
    bodyText: found.text,
    bodyHtml: found.html,
    headers: [
      ...(date === null ? [] : [{ name: 'Date', value: date }]),
      ...address('To', fields.to),
      ...address('Reply-To', fields.replyTo),
    ],
  });
  return attachFiles(composed, found.attached);
}

/** 'Name <address>', 'Name [mailto:address]', 'Name <address<mailto:address>>', or a name alone, as Outlook writes colleagues. */
function senderOf(value: string): { readonly name: string; readonly address: string } {
  const address = ADDRESS.exec(value.replace(/mailto:/gi, ' '));
  if (address === null) return { name: clean(value), address: '' };
  const at = value.indexOf(address[0]);
  const name = value
    .slice(0, at)
    .replace(/mailto:/gi, '')
    .replace(/[<>"'[\]()*]+/g, ' ');
  return { name: clean(name), address: address[0].replace(/[.*_]+$/, '') };
}

function address(name: string, value: string | undefined): { readonly name: string; readonly value: string }[] {
  const found = value === undefined ? null : ADDRESS.exec(value.replace(/mailto:/gi, ' '));
  return found === null ? [] : [{ name, value: found[0] }];
}

function clean(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim()
    .slice(0, 1000);
}
