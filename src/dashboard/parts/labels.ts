import type { Label, Layer } from '../api/types.js';

/** Most dangerous first. */
export const LABELS: readonly Label[] = ['malware', 'phishing', 'suspicious', 'incomplete', 'spam', 'safe'];

export const LABEL_WORDS: Readonly<Record<Label, { readonly name: string; readonly sentence: string }>> = {
  safe: { name: 'Safe', sentence: 'Nothing found here adds up to danger.' },
  suspicious: {
    name: 'Suspicious',
    sentence: 'Some of this does not add up. Check with the sender another way before acting.',
  },
  spam: { name: 'Spam', sentence: 'Unwanted advertising. No sign that it wants to harm you.' },
  phishing: { name: 'Phishing', sentence: 'This message tries to deceive you. Do not follow its links or reply.' },
  malware: { name: 'Malware', sentence: 'This message carries something harmful. Do not open its attachments.' },
  incomplete: {
    name: 'Incomplete',
    sentence: 'Not all of it could be examined, so this is not called safe.',
  },
};

/** From here on a safe message has something about it, though not enough to call it suspicious. */
const IN_DOUBT = 50;

/** What the label means for the reader; a safe message of a high score is not spoken of as if it were one of a low score. */
export function labelSentence(label: Label, score: number): string {
  if (label !== 'safe' || score < IN_DOUBT) return LABEL_WORDS[label].sentence;
  return 'Some of this is unusual, though not enough to call it suspicious. If you did not expect it, take a second look.';
}

export const LAYERS: readonly Layer[] = ['headers', 'content', 'urls', 'attachments', 'reputation', 'llm'];

export const LAYER_WORDS: Readonly<Record<Layer, { readonly name: string; readonly looks: string }>> = {
  headers: { name: 'Headers', looks: 'Who sent it, by which way, and whether that can be proved' },
  content: { name: 'Content', looks: 'What the words ask for, and what is hidden among them' },
  urls: { name: 'Links', looks: 'Where each link really leads' },
  attachments: { name: 'Attachments', looks: 'What the attached files really are' },
  reputation: { name: 'Reputation', looks: 'What others know of its links and files' },
  llm: { name: 'Language model', looks: 'A second reading by a language model, if you switch it on' },
};

export const CATEGORY_WORDS: Readonly<Record<string, string>> = {
  'credential-phishing': 'wants your password',
  'payment-fraud': 'wants a payment',
  callback: 'wants you to call',
  extortion: 'threatens',
  'malware-delivery': 'delivers malware',
  impersonation: 'pretends to be someone',
  'advance-fee': 'promises money',
  spam: 'advertises',
};

export const ROLE_NAMES: Readonly<Record<string, string>> = {
  user: 'Personal account',
  org_member: 'Member',
  org_admin: 'Administrator',
  org_owner: 'Owner',
};
