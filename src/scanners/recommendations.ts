import { findingEntry } from './catalogue.js';
import type { Contribution } from './label.js';
import type { Category, Label } from './verdict.js';

const BY_LABEL: Readonly<Record<Label, readonly string[]>> = {
  safe: [],
  suspicious: [
    'Be careful: ask the sender over a channel you already know (a phone number you had before, the official site typed by hand) before you act.',
  ],
  spam: ['This is unwanted advertising. Delete it; do not buy, reply or unsubscribe through its links.'],
  phishing: [
    'Do not open links or attachments, do not reply and do not call numbers in this message. Report and delete it.',
  ],
  malware: ['Do not open the attachment. Report the message to whoever looks after your computers, then delete it.'],
  incomplete: [
    'Not everything in this message could be examined, so nothing can be promised. Treat it as unknown; the layers tell what was not seen.',
  ],
};

const BY_CATEGORY: Readonly<Partial<Record<Category, string>>> = {
  'credential-phishing':
    'If you entered a password after following a link here, change it now on the real site and wherever else you use it, and turn on two-step sign-in.',
  'payment-fraud':
    'Pay nothing and change no bank details because of this message. Confirm by calling a number you already have.',
  callback: 'Do not call the number in the message. Find the number of the company on its own site or on your card.',
  extortion:
    'Do not pay and do not answer. Such threats are sent in bulk; the claim to have spied on you is almost always invented.',
  'malware-delivery':
    'If you opened the file, disconnect the computer from the network and call whoever looks after it.',
  impersonation: 'The sender is probably not who they say. Check with the real person or company another way.',
  'advance-fee': 'Nobody gives away money by e-mail. Send no fee, no documents and no account details.',
};

/** At most this many pieces of advice from single findings: more is not read. */
const MOST_FINDINGS = 3;

/** What to do, in plain words, most important first. Empty for a safe message. */
export function recommend(
  label: Label,
  categories: readonly Category[],
  contributions: readonly Contribution[],
): readonly string[] {
  if (label === 'safe' || label === 'spam') return BY_LABEL[label];
  const advice = contributions
    .filter(({ threat }) => threat > 0)
    .sort((a, b) => b.threat - a.threat)
    .slice(0, MOST_FINDINGS)
    .map(({ finding }) => findingEntry(finding.id).advice);
  const byCategory = categories.map((category) => BY_CATEGORY[category] ?? '');
  return [...new Set([...BY_LABEL[label], ...byCategory, ...advice])].filter((line) => line !== '');
}
