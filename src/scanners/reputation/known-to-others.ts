import type { FindingId } from '../catalogue.js';
import type { Finding, LookupAnswer, ReputationAnswer, Scanner } from '../scanner.js';
import { filesOf, linksOf, senderDomainsOf } from './subjects.js';
import type { Subject } from './subjects.js';

interface Report {
  readonly id: FindingId;
  readonly subject: Subject;
  readonly evidence: string;
}

/** Asks about the links, files and sender of a message, all at once. What nobody knows, or calls clean, is no finding. */
export const knownToOthers: Scanner = {
  layer: 'reputation',
  name: 'known-to-others',
  async scan(message, context) {
    const subjects = [...filesOf(message), ...linksOf(message, context), ...senderDomainsOf(message, context)];
    if (subjects.length === 0) return { skipped: 'there is nothing to look up' };
    const answers = await Promise.all(
      subjects.map(async (subject) => ({ subject, answer: await context.lookup.reputation(subject.indicator) })),
    );
    const off = answers.find(({ answer }) => 'unavailable' in answer && answer.off === true)?.answer;
    if (off !== undefined && 'unavailable' in off) return { skipped: off.unavailable };
    const findings = merge(answers.flatMap(({ subject, answer }) => reportsOf(subject, answer)));
    const incomplete = missing(answers.map(({ answer }) => answer));
    return { findings, ...(incomplete === '' ? {} : { incomplete }) };
  },
};

function reportsOf(subject: Subject, found: LookupAnswer<ReputationAnswer>): readonly Report[] {
  if ('unavailable' in found) return [];
  const { verdict, source, says, listed } = found.answer;
  if (verdict !== 'malicious' && verdict !== 'suspicious') return [];
  const { kind } = subject.indicator;
  if (listed !== undefined) {
    const named = listed.kind === 'domain' || listed.kind === 'ip' ? `${listed.value} is` : `${subject.what} is`;
    const id =
      kind === 'url'
        ? 'reputation.link-listed'
        : kind === 'sha256'
          ? 'reputation.file-listed'
          : 'reputation.sender-domain-listed';
    return [{ id, subject, evidence: `${named} on the list ${source}` }];
  }
  const evidence = `${subject.what}: ${says ?? source}`;
  if (kind === 'sha256') return [{ id: `reputation.file-${verdict}`, subject, evidence }];
  return kind === 'url' ? [{ id: `reputation.url-${verdict}`, subject, evidence }] : [];
}

/** One finding of a kind, with everything it is about: ten links to one site are one fact. */
function merge(reports: readonly Report[]): readonly Finding[] {
  const ids = [...new Set(reports.map(({ id }) => id))];
  return ids.flatMap((id) => {
    const same = reports.filter((report) => report.id === id);
    const [first] = same;
    if (first === undefined) return [];
    const more = same.length > 1 ? ` (and ${same.length - 1} more)` : '';
    return [
      {
        id,
        evidence: first.evidence + more,
        at: first.subject.at,
        indicators: same.map(({ subject }) => subject.indicator),
      },
    ];
  });
}

/** Every reason once, with how many lookups it cost. */
function missing(answers: readonly LookupAnswer<ReputationAnswer>[]): string {
  const reasons = new Map<string, number>();
  for (const found of answers) {
    const reason = 'unavailable' in found ? found.unavailable : found.answer.incomplete;
    if (reason !== undefined) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  return [...reasons].map(([reason, count]) => `${reason} (${count} of ${answers.length} not looked up)`).join('; ');
}
