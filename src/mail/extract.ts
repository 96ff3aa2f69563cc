import { chooseBodies } from './bodies.js';
import { createExtractBudget, examineAttachment } from './extract/examine.js';
import type { AttachmentExamination, ExtractBudget, ExtractTools, FoundLink } from './extract/examine.js';
import { readHtml } from './html/read-html.js';
import { readEnvelope } from './identity.js';
import type { ReadLimits } from './limits.js';
import { collectLinks } from './links/collect-links.js';
import type { Attachment, Message, Part } from './message.js';
import { DefectLog } from './mime/defect-log.js';
import type { ParsedPart } from './mime/part-tree.js';
import { parseMessage } from './parse.js';
import type { ParsedMail } from './parse.js';

const MESSAGE_TYPES = new Set(['message/rfc822', 'message/global']);

/** What one message and those inside it share. */
interface Extraction {
  readonly limits: ReadLimits;
  readonly budget: ExtractBudget;
  nestedLeft: number;
}

/**
 * Fills a Message: bodies, the HTML document, links, attachments, messages inside, all under budgets. Never rejects; what the budgets
 * do not reach is a defect.
 */
export async function extract(parsed: ParsedMail, limits: ReadLimits, tools: ExtractTools): Promise<Message> {
  const budget = createExtractBudget({}, tools);
  return extractAt(parsed, { limits, budget, nestedLeft: limits.nestedMessages }, 0);
}

async function extractAt(parsed: ParsedMail, extraction: Extraction, depth: number): Promise<Message> {
  const { limits, budget } = extraction;
  const defects = new DefectLog(parsed.defects);
  const envelope = readEnvelope(parsed.parts[0]?.fields ?? [], defects);
  const bodies = chooseBodies(parsed.parts, limits.textLength, defects);
  const reading = bodies.html === '' ? null : readHtml(bodies.html, limits.htmlLength, limits.links);
  const attached = await attachments(bodies.attached, extraction, defects);
  const nested = await nestedMessages(attached.messages, extraction, depth, defects);
  if (reading?.document.truncated === true) defects.add('html-truncated', `${bodies.html.length} characters`);
  if (budget.exhausted) defects.add('extraction-budget', 'not every attachment could be examined in full');
  const links = collectLinks({
    reading,
    text: bodies.text,
    headers: envelope.headers,
    attached: attached.links,
    nested,
    most: limits.links,
    defects,
  });
  return {
    sha256: parsed.sha256,
    size: parsed.size,
    ...envelope,
    text: bodies.text,
    html: bodies.html,
    document: reading?.document ?? null,
    visible: reading?.visible ?? bodies.text,
    links,
    attachments: attached.attachments,
    parts: parsed.parts.map(partOf),
    nested,
    defects: defects.all,
  };
}

interface Attached {
  readonly attachments: readonly Attachment[];
  /** Links with the index of the attachment they were found in. */
  readonly links: readonly { readonly link: FoundLink; readonly attachment: number }[];
  readonly messages: readonly Uint8Array[];
}

async function attachments(
  parts: readonly ParsedPart[],
  extraction: Extraction,
  defects: DefectLog,
): Promise<Attached> {
  const list: Attachment[] = [];
  const links: { link: FoundLink; attachment: number }[] = [];
  const messages: Uint8Array[] = [];
  if (parts.length > extraction.limits.attachments) defects.add('too-many-attachments', `${parts.length} attachments`);
  for (const part of parts.slice(0, extraction.limits.attachments)) {
    const { links: found, messages: inside, ...facts } = await examine(part, extraction.budget);
    const isMessage = MESSAGE_TYPES.has(part.type);
    messages.push(...(isMessage ? [part.content] : inside));
    // A message's links come with the message.
    if (!isMessage && facts.detectedType !== 'message/rfc822') {
      for (const link of found) links.push({ link, attachment: list.length });
    }
    list.push({
      ...facts,
      filename: part.filename,
      declaredType: part.type,
      inline: part.disposition === 'inline' || (part.disposition === null && part.contentId !== null),
      contentId: part.contentId,
    });
  }
  return { attachments: list, links, messages };
}

function examine(part: ParsedPart, budget: ExtractBudget): Promise<AttachmentExamination> {
  return examineAttachment({ bytes: part.content, filename: part.filename, declaredType: part.type }, budget);
}

async function nestedMessages(
  raws: readonly Uint8Array[],
  extraction: Extraction,
  depth: number,
  defects: DefectLog,
): Promise<Message[]> {
  const nested: Message[] = [];
  for (const raw of raws) {
    if (depth >= extraction.limits.nestedDepth || extraction.nestedLeft <= 0) {
      defects.add('nesting-too-deep', 'a message inside was not followed');
      break;
    }
    extraction.nestedLeft--;
    const parsed = parseMessage(raw);
    if (parsed.parts[0]?.fields.length !== 0) nested.push(await extractAt(parsed, extraction, depth + 1));
  }
  return nested;
}

function partOf({ type, charset, disposition, filename, encoding, size, depth }: ParsedPart): Part {
  return { type, charset, disposition, filename, encoding, size, depth };
}
