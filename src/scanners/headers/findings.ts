import type { FindingEntry } from '../catalogue.js';

/** What the headers layer can report. */
export const HEADERS_FINDINGS = {} as const satisfies Record<`headers.${string}`, FindingEntry>;
