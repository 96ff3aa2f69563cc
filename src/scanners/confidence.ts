import type { Attachment, Message } from '../mail/message.js';
import type { AuthenticationResult } from './scanner.js';
import type { LayerReport } from './verdict.js';

/** How much of the evidence each question is. Authentication and content tell most about a message. */
const SHARES = {
  authentication: 3,
  headers: 2,
  content: 3,
  urls: 2,
  attachments: 2,
  reputation: 1,
  llm: 1,
} as const;

const EXAMINED: Readonly<Record<Attachment['examined'], number>> = {
  complete: 1,
  partial: 0.6,
  unsupported: 0.7,
  damaged: 0.4,
  encrypted: 0,
};

/** Parts of a message that were never read, however well the layers ran. */
const UNREAD = new Set([
  'nesting-too-deep',
  'too-many-parts',
  'too-many-links',
  'html-truncated',
  'body-truncated',
  'too-many-attachments',
  'extraction-budget',
  'charset-unknown',
  'encoding-damaged',
]);

/** 0..1 with two decimals: share of the relevant evidence that could be examined. */
export function confidenceOf(
  message: Message,
  authentication: AuthenticationResult,
  layers: readonly Pick<LayerReport, 'layer' | 'status'>[],
): number {
  const possible = Object.values(SHARES).reduce((sum, share) => sum + share, 0);
  let examined = authentication.source === 'none' ? 0 : SHARES.authentication;
  for (const { layer, status } of layers) {
    if (status !== 'ran' && status !== 'reused') continue;
    examined += SHARES[layer] * (layer === 'attachments' ? attachmentsExamined(message.attachments) : 1);
  }
  const unread = message.defects.filter(({ kind }) => UNREAD.has(kind)).length;
  return Math.round((examined / possible) * 0.95 ** Math.min(unread, 10) * 100) / 100;
}

/** One locked file among ten harmless pictures hides as much as one alone: the least examined counts. */
function attachmentsExamined(attachments: readonly Attachment[]): number {
  return attachments.reduce((least, { examined }) => Math.min(least, EXAMINED[examined]), 1);
}
