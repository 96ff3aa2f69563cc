import type { FindingEntry } from '../catalogue.js';

/** What the urls layer can report. */
export const URLS_FINDINGS = {} as const satisfies Record<`urls.${string}`, FindingEntry>;
