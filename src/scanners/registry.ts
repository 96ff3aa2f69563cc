import { ATTACHMENTS_SCANNERS } from './attachments/scanners.js';
import { CONTENT_SCANNERS } from './content/scanners.js';
import { HEADERS_SCANNERS } from './headers/scanners.js';
import { LLM_SCANNERS } from './llm/scanners.js';
import { REPUTATION_SCANNERS } from './reputation/scanners.js';
import type { Layer, Scanner } from './scanner.js';
import { LAYERS } from './scanner.js';
import { URLS_SCANNERS } from './urls/scanners.js';

/** Every scanner, in the order it runs. The order of the layers is fixed by LAYERS; within a layer it is the order here. */
export const SCANNERS: readonly Scanner[] = [
  ...HEADERS_SCANNERS,
  ...CONTENT_SCANNERS,
  ...URLS_SCANNERS,
  ...ATTACHMENTS_SCANNERS,
  ...REPUTATION_SCANNERS,
  ...LLM_SCANNERS,
];

/** What a layer says that has no scanner: both wait for a provider that the operator names. */
export const WITHOUT_SCANNER: Readonly<Record<Layer, string>> = {
  headers: 'no scanner is registered',
  content: 'no scanner is registered',
  urls: 'no scanner is registered',
  attachments: 'no scanner is registered',
  reputation: 'no reputation provider is configured',
  llm: 'no language model is configured',
};

/** Scanners by layer, each in its given order. */
export function byLayer(scanners: readonly Scanner[]): ReadonlyMap<Layer, readonly Scanner[]> {
  return new Map(LAYERS.map((layer) => [layer, scanners.filter((scanner) => scanner.layer === layer)]));
}
