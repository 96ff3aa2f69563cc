import { createHash } from 'node:crypto';
import type { FileFacts, LinkOrigin } from '../message.js';
import type { ExtractBudget } from './budget.js';
import type { FormatFacts } from './format.js';
import { readerOf } from './readers.js';
import { detectType, extensionOf } from './true-type.js';

export { createExtractBudget } from './budget.js';
export type { ExtractBudget, ExtractTools } from './budget.js';

/** A link as it stands in an attachment, not yet canonical. */
export interface FoundLink {
  readonly url: string;
  readonly origin: Extract<LinkOrigin, 'pdf' | 'office' | 'qr' | 'calendar' | 'attachment'>;
  /** The text it hangs on; '' when there is none. */
  readonly text: string;
}

/** The fact fields of an `Attachment`, and what was found in it for other parts of the message. */
export interface AttachmentExamination extends FileFacts {
  /** Bounded by the budget; each URL once. */
  readonly links: readonly FoundLink[];
  /** Raw RFC 5322 messages found inside (attached as .eml, or in an archive). */
  readonly messages: readonly Uint8Array[];
}

export interface FileInput {
  readonly bytes: Uint8Array;
  readonly filename: string | null;
  /** Lower-case `type/subtype` as the message declares it. */
  readonly declaredType: string;
}

/**
 * Looks at the bytes of one attachment (or inline image) under the budget of its message. Never rejects: what cannot be read is
 * `examined: 'damaged'`, what the budget does not reach 'partial', a format nobody here reads 'unsupported'.
 */
export async function examineAttachment(input: FileInput, budget: ExtractBudget): Promise<AttachmentExamination> {
  return examineAt(input, budget, 0);
}

async function examineAt(input: FileInput, budget: ExtractBudget, depth: number): Promise<AttachmentExamination> {
  const bytes = Buffer.from(input.bytes.buffer, input.bytes.byteOffset, input.bytes.byteLength);
  const facts = await readFacts(input, bytes, budget, depth);
  return {
    extension: extensionOf(input.filename),
    detectedType: facts.type ?? null,
    size: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    archive: facts.archive ?? null,
    office: facts.office ?? null,
    pdf: facts.pdf ?? null,
    markup: facts.markup ?? null,
    image: facts.image ?? null,
    text: (facts.text ?? '').slice(0, budget.limits.textLength),
    examined: facts.examined,
    links: onceEach(facts.links ?? [], budget, depth),
    messages: facts.messages ?? [],
  };
}

async function readFacts(
  { filename, declaredType }: FileInput,
  bytes: Buffer,
  budget: ExtractBudget,
  depth: number,
): Promise<FormatFacts> {
  let type: string | null = null;
  try {
    type = refine(detectType(bytes), declaredType, extensionOf(filename));
    const read = readerOf(type);
    if (type === null || read === null) return { ...(type === null ? {} : { type }), examined: 'unsupported' };
    if (!budget.inTime()) return { type, examined: 'partial' };
    const examine = (inner: FileInput): Promise<AttachmentExamination> => examineAt(inner, budget, depth + 1);
    const facts = await read({ bytes, filename, extension: extensionOf(filename), type, depth, budget, examine });
    return { type, ...facts };
  } catch {
    // Every byte is the sender's: a reader that stumbles has said something about the file, not about itself.
    return { ...(type === null ? {} : { type }), examined: 'damaged' };
  }
}

/** Text has no signature: HTML that begins in an unusual way is still HTML to the program its name or declared type opens. */
function refine(detected: string | null, declared: string, extension: string): string | null {
  if (detected !== 'text/plain' && detected !== 'application/xml') return detected;
  if (/^(?:html?|xhtml|shtml|mht|mhtml)$/.test(extension) || declared === 'text/html') return 'text/html';
  if (extension === 'svg' || declared === 'image/svg+xml') return 'image/svg+xml';
  if (extension === 'hta') return 'application/hta';
  if (extension === 'ics' || declared === 'text/calendar') return 'text/calendar';
  if (extension === 'url' || extension === 'website') return 'application/x-mswinurl';
  return detected;
}

function onceEach(links: readonly FoundLink[], budget: ExtractBudget, depth: number): readonly FoundLink[] {
  const unique = [...new Map(links.map((link) => [link.origin + link.url, link])).values()];
  // Links of inner files pass through here again on their way out: they are paid for once.
  if (depth > 0) return unique;
  const allowed = unique.slice(0, budget.left('links'));
  budget.spend('links', allowed.length);
  if (allowed.length < unique.length) budget.exhaust();
  return allowed;
}
