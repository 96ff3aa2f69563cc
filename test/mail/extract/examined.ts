import { createExtractBudget, examineAttachment } from '../../../src/mail/extract/examine.js';
import type { AttachmentExamination, ExtractBudget } from '../../../src/mail/extract/examine.js';
import { loadQrReader } from '../../../src/services/scanning/qr-reader.js';

/** Examines bytes as an attachment of this name, with QR codes looked for. */
export function examined(
  bytes: Uint8Array | string,
  filename: string | null = null,
  budget: ExtractBudget = createExtractBudget({}, { qr: loadQrReader }),
): Promise<AttachmentExamination> {
  return examineAttachment({ bytes: Buffer.from(bytes), filename, declaredType: 'application/octet-stream' }, budget);
}

export function urls(examination: AttachmentExamination): string[] {
  return examination.links.map(({ url }) => url);
}
