import type { SenderHistory } from '../../scanners/scanner.js';

/** Uploads say nothing about who writes to whom, so nobody keeps count of their senders. */
export const NO_HISTORY: SenderHistory = { messages: null, firstSeen: null };
