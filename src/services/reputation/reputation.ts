import type { FeedHit, FeedSet } from '../../intel/feeds/feed-set.js';
import type { Opinion, Subject } from '../../intel/provider.js';
import type { Indicator, LookupAnswer, ReputationAnswer } from '../../scanners/scanner.js';
import type { ProviderDesk } from './provider-desk.js';

/** What others know of links and files. */
export interface Reputation {
  /** An answer, or why there is none. Never rejects. */
  lookup(indicator: Indicator): Promise<LookupAnswer<ReputationAnswer>>;
  /** Ends what is under way. */
  close(): Promise<void>;
}

const SEVERITY = { unknown: 0, clean: 1, suspicious: 2, malicious: 3 } as const;
const UNKNOWN: ReputationAnswer = { verdict: 'unknown', source: '' };

/**
 * Asks the operator's feeds first: what they list needs nobody's opinion, and so leaves no trace outside. Then all desks at once; the
 * worst opinion counts.
 */
export function createReputation(parts: {
  readonly feeds: FeedSet | null;
  readonly desks: readonly ProviderDesk[];
  readonly close: () => Promise<void>;
}): Reputation {
  const { feeds, desks } = parts;

  async function lookup(indicator: Indicator): Promise<LookupAnswer<ReputationAnswer>> {
    const { kind, value } = indicator;
    if (kind === 'address') return { answer: UNKNOWN };
    const hit = feeds?.find({ kind, value }) ?? null;
    if (hit !== null) return { answer: listed(hit) };
    const opinions = kind === 'url' || kind === 'sha256' ? await askAll({ kind, value }) : [];
    const missing = (feeds?.missing ?? []).map((name) => `the feed ${name} cannot be read`);
    return combine(opinions, missing);
  }

  function askAll(subject: Subject) {
    return Promise.all(desks.map(async (desk) => ({ name: desk.name, opinion: await desk.ask(subject) })));
  }

  return { lookup, close: parts.close };
}

function listed({ feed, listed: { kind, value } }: FeedHit): ReputationAnswer {
  return { verdict: 'malicious', source: feed, listed: { kind, value } };
}

function combine(
  answers: readonly { readonly name: string; readonly opinion: Opinion | { readonly unavailable: string } }[],
  missing: readonly string[],
): LookupAnswer<ReputationAnswer> {
  const failed = [...missing];
  const given: { readonly name: string; readonly opinion: Opinion }[] = [];
  for (const { name, opinion } of answers) {
    if ('unavailable' in opinion) failed.push(opinion.unavailable);
    else given.push({ name, opinion });
  }
  const incomplete = failed.join('; ');
  if (given.length === 0 && failed.length > 0) return { unavailable: incomplete };
  const worst = Math.max(0, ...given.map(({ opinion }) => SEVERITY[opinion.verdict]));
  const [first, ...others] = given.filter(({ opinion }) => SEVERITY[opinion.verdict] === worst);
  if (first === undefined) return { answer: UNKNOWN };
  const { verdict } = first.opinion;
  const says = [first, ...others]
    .filter(({ opinion }) => opinion.says !== '')
    .map(({ name, opinion }) => `${name}: ${opinion.says}`)
    .join('; ');
  const source = verdict === 'unknown' ? '' : [first, ...others].map(({ name }) => name).join(', ');
  return {
    answer: { verdict, source, ...(says === '' ? {} : { says }), ...(incomplete === '' ? {} : { incomplete }) },
  };
}
