import type { FindingId } from '../../catalogue.js';
import type { Finding, Scanner } from '../../scanner.js';
import type { Topic } from '../lexicon.js';
import { quote, topicsOf } from '../phrases.js';

interface TopicRule {
  readonly topic: Topic;
  readonly finding: FindingId;
  /** Distinct phrases needed: single words of everyday mail prove nothing alone. */
  readonly least: number;
  /** Distinct phrases at which the finding counts in full. */
  readonly full: number;
}

/** Topics whose phrases speak for themselves. Those that need more than words have a file of their own. */
const RULES: readonly TopicRule[] = [
  { topic: 'account-threat', finding: 'content.account-threat', least: 1, full: 3 },
  { topic: 'advance-fee', finding: 'content.advance-fee', least: 2, full: 5 },
  { topic: 'asks-for-credentials', finding: 'content.asks-for-credentials', least: 1, full: 3 },
  { topic: 'bank-details-change', finding: 'content.bank-details-change', least: 1, full: 2 },
  { topic: 'delivery-fee', finding: 'content.delivery-problem', least: 1, full: 4 },
  { topic: 'gift-cards', finding: 'content.gift-cards', least: 1, full: 2 },
  { topic: 'job-offer', finding: 'content.job-offer', least: 2, full: 4 },
  { topic: 'mailbox-quota', finding: 'content.mailbox-quota', least: 1, full: 3 },
  { topic: 'password-expiry', finding: 'content.password-expiry', least: 1, full: 2 },
  { topic: 'presses-for-time', finding: 'content.presses-for-time', least: 1, full: 4 },
  { topic: 'prize-or-survey', finding: 'content.prize-or-survey', least: 1, full: 5 },
  { topic: 'shared-document', finding: 'content.shared-document', least: 1, full: 3 },
  { topic: 'tax-refund', finding: 'content.tax-refund', least: 1, full: 3 },
  { topic: 'unexpected-invoice', finding: 'content.unexpected-invoice', least: 1, full: 3 },
  { topic: 'wallet-or-seed-phrase', finding: 'content.wallet-or-seed-phrase', least: 2, full: 5 },
  { topic: 'spam/casino-or-betting', finding: 'content.casino-or-betting', least: 2, full: 4 },
  { topic: 'spam/dating-or-adult', finding: 'content.dating-or-adult', least: 2, full: 4 },
  { topic: 'spam/get-rich', finding: 'content.get-rich', least: 2, full: 4 },
  { topic: 'spam/miracle-product', finding: 'content.miracle-product', least: 2, full: 4 },
];

export const topics: Scanner = {
  layer: 'content',
  name: 'topics',
  scan(message) {
    const found = topicsOf(message);
    const findings: Finding[] = [];
    for (const { topic, finding, least, full } of RULES) {
      const match = found.get(topic);
      if (match === undefined || match.quotes.length < least) continue;
      const strength = 0.5 + 0.5 * Math.min(1, (match.quotes.length - least) / Math.max(1, full - least));
      findings.push({ id: finding, evidence: `says ${quote(match.quotes)}`, at: match.at, strength });
    }
    return { findings };
  },
};
