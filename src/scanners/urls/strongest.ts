import type { FindingId } from '../catalogue.js';
import type { Finding } from '../scanner.js';
import type { Target } from './targets.js';

export interface Observation {
  readonly evidence: string;
  /** 0..1, default 1. */
  readonly strength?: number;
}

/** One finding for all links that share a trait: the strongest tells it, the others are counted. */
export function strongestOf(
  id: FindingId,
  targets: readonly Target[],
  look: (target: Target) => Observation | null,
): readonly Finding[] {
  let best: { readonly target: Target; readonly observation: Observation } | null = null;
  const hosts = new Set<string>();
  for (const target of targets) {
    const observation = look(target);
    if (observation === null) continue;
    hosts.add(target.host);
    if (best === null || (observation.strength ?? 1) > (best.observation.strength ?? 1)) best = { target, observation };
  }
  if (best === null) return [];
  const { target, observation } = best;
  const more = hosts.size > 1 ? ` (and ${hosts.size - 1} more ${hosts.size === 2 ? 'site' : 'sites'})` : '';
  return [
    {
      id,
      evidence: observation.evidence + more,
      at: { kind: 'link', index: target.index },
      strength: observation.strength ?? 1,
      indicators: [{ kind: 'url', value: target.url.href.slice(0, 2000) }],
    },
  ];
}
