import { createHash } from 'node:crypto';
import type { FileFacts, LinkOrigin } from '../message.js';
import type { ExtractBudget } from './budget.js';
import { detectType, extensionOf } from './true-type.js';

export { createExtractBudget } from './budget.js';
export type { ExtractBudget, ExtractLimits, ExtractTools } from './budget.js';

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
 * `examined: 'damaged'`, what the budget does not reach 'partial'.
 */
export async function examineAttachment(input: FileInput, _budget: ExtractBudget): Promise<AttachmentExamination> {
  return {
    extension: extensionOf(input.filename),
    detectedType: await detectType(input.bytes),
    size: input.bytes.length,
    sha256: createHash('sha256').update(input.bytes).digest('hex'),
    archive: null,
    office: null,
    pdf: null,
    markup: null,
    image: null,
    text: '',
    examined: 'unsupported',
    links: [],
    messages: [],
  };
}
