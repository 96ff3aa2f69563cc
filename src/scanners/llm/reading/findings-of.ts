import type { Message } from '../../../mail/message.js';
import type { Finding } from '../../scanner.js';
import { findQuote } from './find-quote.js';
import { KINDS } from './kinds.js';
import type { Judgement } from './kinds.js';
import type { Reading } from './read-answer.js';

const STRENGTH: Readonly<Record<Judgement, number>> = { harmless: 0, unsure: 0.25, suspicious: 0.6, dangerous: 1 };
/** The second and third kind of harm say less than the first: they are one opinion of one reader. */
const BY_TURN = [1, 0.5, 0.25];

/** Claims that quote the message become findings, one of each kind; a harmless reading becomes none, but for orders to the model. */
export function findingsOf({ judgement, claims }: Reading, letter: string, message: Message): readonly Finding[] {
  const findings: Finding[] = [];
  const seen = new Set<string>();
  let turn = 0;
  for (const { kind, quote, reason } of claims) {
    if (seen.has(kind)) continue;
    const found = findQuote(quote, letter, message);
    if (found === null) continue;
    const injection = kind === 'injection-attempt';
    const strength = injection ? 1 : STRENGTH[judgement] * (BY_TURN[turn] ?? 0);
    if (strength === 0) continue;
    seen.add(kind);
    if (!injection) turn += 1;
    const why = reason === '' ? '' : `; the model says: ${reason}`;
    findings.push({ id: KINDS[kind], evidence: `“${found.text}”${why}`, at: found.at, strength });
  }
  return findings;
}
