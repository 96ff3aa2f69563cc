import type { FindingId } from '../../catalogue.js';

/** What a model may claim, and the finding that becomes of it. */
export const KINDS = {
  'credential-phishing': 'llm.reads-like-credential-phishing',
  'payment-fraud': 'llm.reads-like-payment-fraud',
  'callback-scam': 'llm.reads-like-callback-scam',
  extortion: 'llm.reads-like-extortion',
  'malware-delivery': 'llm.reads-like-malware-delivery',
  impersonation: 'llm.reads-like-impersonation',
  'advance-fee': 'llm.reads-like-advance-fee',
  'injection-attempt': 'llm.injection-attempt',
} as const satisfies Record<string, FindingId>;
export type Kind = keyof typeof KINDS;

export const JUDGEMENTS = ['harmless', 'unsure', 'suspicious', 'dangerous'] as const;
export type Judgement = (typeof JUDGEMENTS)[number];
