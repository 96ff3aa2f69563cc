import type { FindingEntry } from '../catalogue.js';

/** What the content layer can report. */
export const CONTENT_FINDINGS = {} as const satisfies Record<`content.${string}`, FindingEntry>;
