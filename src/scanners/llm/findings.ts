import type { FindingEntry } from '../catalogue.js';

/** What the language model layer can report. Each quotes the message; what a model says without a quote is no finding. */
export const LLM_FINDINGS = {
  'llm.reads-like-credential-phishing': {
    title: 'Reads like a lure for your password',
    meaning: 'A language model read the message and thinks that it wants a password, a code or account data.',
    advice: 'Enter nothing behind its links. Open the service yourself, from a bookmark or its app.',
    category: 'credential-phishing',
  },
  'llm.reads-like-payment-fraud': {
    title: 'Reads like payment fraud',
    meaning: 'A language model read the message and thinks that it wants money sent to the wrong place.',
    advice: 'Confirm every payment and every change of bank details by calling a number you already have.',
    category: 'payment-fraud',
  },
  'llm.reads-like-callback-scam': {
    title: 'Reads like a telephone scam',
    meaning: 'A language model read the message and thinks that it wants you to call people who will deceive you.',
    advice: 'Do not call the number. Find the number of the company on its own site.',
    category: 'callback',
  },
  'llm.reads-like-extortion': {
    title: 'Reads like extortion',
    meaning: 'A language model read the message and thinks that it threatens you to be paid.',
    advice: 'Do not pay and do not answer. Such threats are sent in bulk.',
    category: 'extortion',
  },
  'llm.reads-like-malware-delivery': {
    title: 'Reads like a lure to open or install something',
    meaning: 'A language model read the message and thinks that it wants you to run or install what it brings.',
    advice: 'Open and install nothing from this message. Ask your IT people.',
    category: 'malware-delivery',
  },
  'llm.reads-like-impersonation': {
    title: 'Reads like somebody pretending to be another',
    meaning: 'A language model read the message and thinks that the sender is not who the words claim.',
    advice: 'Ask the person or company over a channel you already know.',
    category: 'impersonation',
  },
  'llm.reads-like-advance-fee': {
    title: 'Reads like a promise of money',
    meaning: 'A language model read the message and thinks that it promises money to get a fee or your papers first.',
    advice: 'Do not answer and send no papers. Nobody gives away money by e-mail.',
    category: 'advance-fee',
  },
  'llm.injection-attempt': {
    title: 'Tries to give a language model orders',
    meaning:
      'The model that read this message found words in it that were meant for it and not for you. They changed nothing: a model can only add suspicion here.',
    advice: 'Do not rely on summaries or answers that an assistant wrote about this message.',
    category: null,
  },
} as const satisfies Record<`llm.${string}`, FindingEntry>;
