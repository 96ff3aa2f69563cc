import { decodeText } from './mime/charsets.js';
import type { DefectLog } from './mime/defect-log.js';
import type { ParsedPart } from './mime/part-tree.js';

/** The bodies a reader is shown, and the parts that are left for attachments. */
export interface Bodies {
  readonly text: string;
  readonly html: string;
  readonly attached: readonly ParsedPart[];
}

/**
 * Chooses the bodies as mail programs do: all text parts that are not attached, in order. Beside an HTML part, plain text outside of an
 * alternative is shown too, so it becomes part of `html`; otherwise a harmless HTML footer would hide what the reader sees above it.
 */
export function chooseBodies(parts: readonly ParsedPart[], maxLength: number, defects: DefectLog): Bodies {
  const attached: ParsedPart[] = [];
  const shown: { part: ParsedPart; text: string }[] = [];
  for (const part of parts) {
    if (part.multipart) continue;
    if (isBody(part)) shown.push({ part, text: bodyText(part, maxLength, defects) });
    else attached.push(part);
  }
  const hasHtml = shown.some(({ part }) => part.type === 'text/html');
  const texts: string[] = [];
  const htmls: string[] = [];
  for (const { part, text } of shown) {
    if (part.type === 'text/html') htmls.push(text);
    else {
      texts.push(text);
      if (hasHtml && !hasHtmlAlternative(part, parts) && text.trim() !== '') htmls.push(asHtml(text));
    }
  }
  return { text: texts.join('\n'), html: htmls.join('\n'), attached };
}

function isBody(part: ParsedPart): boolean {
  if (part.disposition === 'attachment') return false;
  if (part.type === 'text/plain' || part.type === 'text/enriched') return true;
  // A named HTML file beside other parts is offered as a file, whatever its disposition says: that is how phishing pages arrive.
  return part.type === 'text/html' && (part.filename === null || part.parent === -1);
}

function bodyText(part: ParsedPart, maxLength: number, defects: DefectLog): string {
  const bytes = part.content.length > maxLength * 2 ? part.content.subarray(0, maxLength * 2) : part.content;
  const charset = part.charset ?? (part.type === 'text/html' ? declaredInHtml(bytes) : null);
  const text = decodeText(bytes, charset, defects);
  const whole = text.length > maxLength ? text.slice(0, maxLength) : text;
  if (whole.length < text.length || bytes.length < part.content.length)
    defects.add('body-truncated', `more than ${maxLength} characters`);
  return whole.includes('\0') ? whole.replaceAll('\0', '') : whole;
}

function declaredInHtml(bytes: Buffer): string | null {
  return /<meta[^>]{0,200}charset\s*=\s*["']?([\w.:-]{2,40})/i.exec(bytes.toString('latin1', 0, 2048))?.[1] ?? null;
}

/** Whether an enclosing multipart/alternative offers this text as HTML as well. */
function hasHtmlAlternative(part: ParsedPart, parts: readonly ParsedPart[]): boolean {
  for (let at = part.parent; at !== -1; at = parts[at]?.parent ?? -1) {
    if (parts[at]?.type !== 'multipart/alternative') continue;
    if (parts.some((other) => other.type === 'text/html' && isBody(other) && isInside(other, at, parts))) return true;
  }
  return false;
}

function isInside(part: ParsedPart, ancestor: number, parts: readonly ParsedPart[]): boolean {
  for (let at = part.parent; at !== -1; at = parts[at]?.parent ?? -1) if (at === ancestor) return true;
  return false;
}

function asHtml(text: string): string {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return `<pre style="white-space:pre-wrap;font-family:inherit">${escaped}</pre>`;
}
