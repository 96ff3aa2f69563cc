import type { Message } from '../message.js';
import { insertCarriers, MarkAttributes, segments } from './insert-marks.js';
import { anchorOf, type Mark } from './mark.js';
import { page } from './page.js';
import { placeMarks, type Placement } from './place-marks.js';
import { sanitise } from './sanitise.js';

/** More than this makes a browser slow and tells a reader nothing. In UTF-16 code units of the source. */
const MAX_SOURCE = 1_000_000;
const CUT = '<p class="pm-cut">The message goes on; this is as much as is shown here.</p>';

/**
 * A message body as a complete, inert HTML document with evidence marked as `<mark id="finding-…">`. A text mail is shown as
 * written. Serve it with `RENDERING_POLICY`; `#finding-<id>` in the address highlights one mark without a reload.
 */
export function renderMessage(message: Message, marks: readonly Mark[]): string {
  const placement = placeMarks(message, marks);
  const attributes = new MarkAttributes(marks);
  const anchors = [...placement.text, ...placement.tags].flatMap(({ mark }) => marks[mark]?.id ?? []).map(anchorOf);
  const distinct = [...new Set(anchors)];
  if (message.document === null) return page(plain(message, placement, attributes), 'text', null, distinct);
  // No message can know the hash of its own bytes, so none can carry marks of its own.
  const nonce = message.sha256.slice(0, 16);
  const source = message.html.slice(0, MAX_SOURCE);
  const body = sanitise(insertCarriers(source, within(placement, source.length), nonce), nonce, attributes);
  return page(source.length < message.html.length ? body + CUT : body, 'html', message.document.lang, distinct);
}

function within(placement: Placement, length: number): Placement {
  return {
    text: placement.text.filter((range) => range.end <= length),
    tags: placement.tags.filter((tag) => tag.offset < length),
  };
}

function plain(message: Message, placement: Placement, attributes: MarkAttributes): string {
  const text = message.visible.slice(0, MAX_SOURCE);
  let out = '';
  let from = 0;
  for (const piece of segments(within(placement, text.length).text)) {
    out += escape(text.slice(from, piece.start));
    const opens = piece.marks.map((mark) => `<mark${written(attributes.for([mark]))}>`).join('');
    out += `${opens}${escape(text.slice(piece.start, piece.end))}${'</mark>'.repeat(piece.marks.length)}`;
    from = piece.end;
  }
  const rest = `<pre class="pm-plain">${out}${escape(text.slice(from))}</pre>`;
  return text.length < message.visible.length ? rest + CUT : rest;
}

function written(attributes: Readonly<Record<string, string>>): string {
  return Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${escape(value)}"`)
    .join('');
}

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
