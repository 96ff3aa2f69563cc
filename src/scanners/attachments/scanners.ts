import type { Scanner } from '../scanner.js';
import { archiveContents } from './archive-contents.js';
import { archiveShape } from './archive-shape.js';
import { dangerousKinds } from './dangerous-kinds.js';
import { encrypted } from './encrypted.js';
import { misleadingName } from './misleading-name.js';
import { namedAfterRecipient } from './named-after-recipient.js';
import { notesAndRtf } from './notes-and-rtf.js';
import { office } from './office.js';
import { onlyAFile } from './only-a-file.js';
import { pdf } from './pdf.js';
import { qrCodes } from './qr-codes.js';
import { typeMismatch } from './type-mismatch.js';
import { webPage } from './web-page.js';

/** The attachments layer, in the order it runs. */
export const ATTACHMENTS_SCANNERS: readonly Scanner[] = [
  dangerousKinds,
  misleadingName,
  typeMismatch,
  archiveContents,
  archiveShape,
  encrypted,
  office,
  notesAndRtf,
  pdf,
  webPage,
  qrCodes,
  onlyAFile,
  namedAfterRecipient,
];
