import { hashText } from '../../src/scanners/model/hash.js';
import type { Origin } from './sample.js';

export const FOLDS = 6;

/**
 * Which fold a message is held out in. Legitimate mail goes by whole source, so that every fold meets senders and templates nobody
 * trained on; campaigns of unwanted mail stay together; the two old archives, each a source of many senders, go by group.
 */
export function assignFolds(origins: readonly Origin[], folds: number): readonly number[] {
  const bySource = new Map<string, number>();
  const load = new Map<string, number[]>();
  const sizes = new Map<string, number>();
  for (const origin of origins) {
    if (bySourceStratum(origin)) sizes.set(key(origin), (sizes.get(key(origin)) ?? 0) + 1);
  }
  const largestFirst = [...sizes].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  for (const [name, size] of largestFirst) {
    const stratum = name.split('|')[0] ?? '';
    const filled = load.get(stratum) ?? Array.from({ length: folds }, () => 0);
    const fold = filled.indexOf(Math.min(...filled));
    filled[fold] = (filled[fold] ?? 0) + size;
    load.set(stratum, filled);
    bySource.set(name, fold);
  }
  return origins.map((origin) => bySource.get(key(origin)) ?? foldByGroup(origin, folds));
}

/** The fold of a message that goes by its group. */
export function foldByGroup({ source, group }: Pick<Origin, 'source' | 'group'>, folds: number): number {
  return hashText(`${source}/${group}`) % folds;
}

function bySourceStratum({ stratum }: Origin): boolean {
  return stratum === 'html' || stratum === 'modern';
}

function key({ stratum, source }: Origin): string {
  return `${stratum}|${source}`;
}
