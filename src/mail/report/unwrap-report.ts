import { chooseBodies } from '../bodies.js';
import type { Bodies } from '../bodies.js';
import { readHtml } from '../html/read-html.js';
import { readEnvelope } from '../identity.js';
import type { Address } from '../message.js';
import { DefectLog } from '../mime/defect-log.js';
import type { ParsedPart } from '../mime/part-tree.js';
import { parseMessage } from '../parse.js';
import { automationOf } from './automatic.js';
import type { Automation } from './automatic.js';
import { findForwardedBlock, withoutQuote } from './forwarded-block.js';
import { readOutlookMessage } from './outlook-message.js';
import { rebuildMessage } from './rebuild-message.js';

/** What somebody sent to a mailbox for suspicious mail. */
export interface Report {
  /** The first From address; null where there is none. */
  readonly reporter: Address | null;
  readonly messageId: string | null;
  /** Set where no person sent it. */
  readonly automation: Automation | null;
  /** What was reported, in order; never empty. */
  readonly messages: readonly ReportedMessage[];
  /** More were attached than are looked at. */
  readonly truncated: boolean;
}

/**
 * - `attached`: as it arrived, with its header.
 * - `inline`: rebuilt from what a mail program quotes; how it came and what proved its sender is lost.
 * - `direct`: nothing was forwarded: the mail itself.
 */
export interface ReportedMessage {
  readonly kind: 'attached' | 'inline' | 'direct';
  readonly raw: Uint8Array;
}

/** Somebody who reports more at once sends a second mail. */
const MOST = 20;
const MESSAGE_TYPES = new Set(['message/rfc822', 'message/global']);
const HTML_LENGTH = 2 * 1024 * 1024;
const TEXT_LENGTH = 1024 * 1024;

/** Takes the reported messages out of a mail. Attached ones count alone: the words above them are the reporter's. Never throws. */
export async function unwrapReport(raw: Uint8Array): Promise<Report> {
  const parsed = parseMessage(raw);
  const defects = new DefectLog();
  const fields = parsed.parts[0]?.fields ?? [];
  const { identity, messageId } = readEnvelope(fields, defects);
  const attached: Uint8Array[] = [];
  for (const part of parsed.parts) {
    if (attached.length > MOST) break;
    const bytes = await attachedMessage(part);
    if (bytes !== null) attached.push(bytes);
  }
  const bodies = chooseBodies(parsed.parts, TEXT_LENGTH, defects);
  const inline = attached.length > 0 ? null : forwardedInline(bodies);
  const messages: ReportedMessage[] =
    attached.length > 0
      ? attached.slice(0, MOST).map((bytes) => ({ kind: 'attached', raw: bytes }))
      : [inline === null ? { kind: 'direct', raw } : { kind: 'inline', raw: inline }];
  const reporter = identity.from[0];
  return {
    reporter: reporter === undefined || reporter.address === '' ? null : reporter,
    ...{ messageId, automation: automationOf(fields), messages, truncated: attached.length > MOST },
  };
}

async function attachedMessage(part: ParsedPart): Promise<Uint8Array | null> {
  if (part.parent === -1 || part.content.length === 0) return null;
  const name = part.filename?.toLowerCase() ?? '';
  if (MESSAGE_TYPES.has(part.type) || name.endsWith('.eml')) return looksLikeMail(part.content) ? part.content : null;
  if (part.type === 'application/vnd.ms-outlook' || name.endsWith('.msg'))
    return await readOutlookMessage(part.content);
  return null;
}

function looksLikeMail(bytes: Uint8Array): boolean {
  return (parseMessage(bytes).parts[0]?.fields ?? []).some(({ name }) => /^[a-z][a-z0-9_.-]*$/.test(name));
}

function forwardedInline({ text, html, attached }: Bodies): Uint8Array | null {
  const words = findForwardedBlock(text);
  const reading = html === '' ? null : readHtml(html, HTML_LENGTH, 0);
  const shown = reading === null ? null : findForwardedBlock(reading.visible);
  const block = words ?? shown;
  if (block === null) return null;
  const runs = reading?.document.runs ?? [];
  // What follows the last words of the header in the source: also a picture with a link and no words at all.
  const last = shown === null ? undefined : runs.findLast(({ start }) => start < shown.end - 1);
  return rebuildMessage({
    block: merged(shown, block),
    text: words === null ? '' : unquoted(text.slice(words.end), words.quoted),
    html: last === undefined ? '' : html.slice(last.htmlEnd),
    attached,
  });
}

/** Plain text has the addresses that HTML may show as names only; HTML has whole lines. */
function merged<T extends { readonly fields: object }>(shown: T | null, block: T): T {
  return shown === null ? block : { ...block, fields: { ...shown.fields, ...block.fields } };
}

function unquoted(text: string, quoted: boolean): string {
  if (!quoted) return text.replace(/^\s+/, '');
  return text.split('\n').map(withoutQuote).join('\n').replace(/^\s+/, '');
}
