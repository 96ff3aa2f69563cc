import type { FindingEntry } from '../catalogue.js';

/** What the attachments layer can report. */
export const ATTACHMENTS_FINDINGS = {} as const satisfies Record<`attachments.${string}`, FindingEntry>;
