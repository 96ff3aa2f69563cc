import { FINDINGS, type FindingEntry, type FindingId } from '../../src/scanners/catalogue.js';
import type { ColumnRule } from './constrained-fit.js';

/** What speaks for a message; everything else can only speak against it, whatever chance the corpus holds. */
const IN_FAVOUR: ReadonlySet<string> = new Set([
  'content.built-like-ordinary-mail',
  'content.reads-like-ordinary-mail',
  'headers.known-brand-verified',
  'headers.known-sender',
  'headers.sender-verified',
  'urls.links-stay-with-proven-brand',
  'urls.links-to-sender',
]);

/** Set by hand and never fitted: they answer to the tenant, or to what the corpus cannot show. */
const FIXED: Readonly<Record<string, number>> = {
  'headers.sender-allowed': -6,
  'headers.sender-blocked': 3,
  'headers.known-sender': -1,
  'headers.first-time-sender': 0.2,
};

/**
 * What others know of links and files, never fitted: the corpus is read offline. Confirmed by others, it outweighs a message that looks
 * ordinary in every respect, as one from a hacked mailbox does; towards mere advertising it says nothing.
 */
const KNOWN_TO_OTHERS: Readonly<Record<string, number>> = {
  'reputation.url-malicious': 12,
  'reputation.url-suspicious': 3,
  'reputation.file-malicious': 14,
  'reputation.file-suspicious': 5,
  'reputation.sender-domain-listed': 10,
  'reputation.link-listed': 12,
  'reputation.file-listed': 14,
};

/**
 * What is said to a language model and by one, never fitted: the corpus is older than most of them, and read offline. A thorough model that
 * is sure of two kinds of harm convicts a message that looks ordinary in every respect; of one kind alone, only with something else
 * beside it: it reads well, but can be wrong and be talked to. Never below zero.
 */
const MODELS: Readonly<Record<string, number>> = {
  'content.addresses-a-model': 2.5,
  'llm.reads-like-credential-phishing': 6,
  'llm.reads-like-payment-fraud': 6,
  'llm.reads-like-callback-scam': 6,
  'llm.reads-like-extortion': 6,
  'llm.reads-like-malware-delivery': 6,
  'llm.reads-like-impersonation': 5,
  'llm.reads-like-advance-fee': 6,
  'llm.injection-attempt': 3,
};

/** Log-odds believed before any data, where the category's default is too little or too much. */
const BELIEVED: Readonly<Record<string, number>> = {
  'attachments.archive-bomb': 4,
  'attachments.archive-contains-executable': 7,
  'attachments.archive-nested-deep': 2.5,
  'attachments.configuration-profile': 3,
  'attachments.double-extension': 7,
  'attachments.executable': 7,
  'attachments.html-credential-form': 4.5,
  'attachments.html-redirect': 2,
  'attachments.html-smuggling': 7,
  'attachments.office-macro': 2.5,
  'attachments.padded-name': 7,
  'attachments.pdf-embedded-file': 1.5,
  'attachments.pdf-javascript': 1,
  'attachments.rare-archive': 3,
  'attachments.right-to-left-name': 7,
  'attachments.script': 7,
  'attachments.shortcut': 7,
  'attachments.svg-script': 4.5,
  'attachments.type-mismatch': 3,
  'headers.own-domain-look-alike': 3,
  'headers.own-domain-spoofed': 3.5,
  'headers.person-impersonated': 2.5,
  'urls.program-download': 1.5,
  'headers.known-brand-verified': -1.5,
  'urls.links-stay-with-proven-brand': -2.5,
  'content.callback-number': 1.5,
  'content.extortion': 3,
  'content.html-smuggling': 3.5,
  'content.password-form': 3,
  'content.mixed-scripts': 2,
  'content.form': 0.5,
  'content.script': 1,
  'urls.script-scheme': 2,
  'content.reads-like-phishing': 3,
  'content.built-like-phishing': 4,
  'content.reads-like-ordinary-mail': -3,
  'content.built-like-ordinary-mail': -4,
};

const BY_CATEGORY: Readonly<Record<string, number>> = {
  'malware-delivery': 5,
  extortion: 2,
  callback: 1.5,
  'payment-fraud': 0.6,
  'credential-phishing': 0.6,
  impersonation: 1.2,
  'advance-fee': 0.6,
  spam: 0.6,
};

/** What the way of collecting suggests more strongly than the world bears out: held low. */
const HELD: Readonly<Record<string, number>> = {
  'content.greets-by-address': 0.3,
  'headers.date-missing': 0.3,
  'headers.date-off': 0.5,
  'headers.from-is-recipient': 1,
  'headers.message-id-missing': 0.5,
  'headers.no-authentication': 0.5,
  'headers.recipient-in-name': 1,
  'headers.recipient-in-subject': 0.8,
  'headers.undisclosed-recipients': 0.4,
  'urls.recipient-in-link': 0.5,
  'urls.unencrypted': 0.2,
  'urls.wrapped': 0,
};

const MOST = 8;
const LEAST_IN_FAVOUR = -6;
/** Wording alone must stay below the threshold of suspicion: a message is more than its words. */
const MOST_FOR_WORDS = 3;

/** Bounds and belief of every finding in the catalogue, in the catalogue's order. */
export function rulesOf(towards: 'threat' | 'spam'): {
  readonly ids: readonly FindingId[];
  readonly rules: readonly ColumnRule[];
} {
  const ids = Object.keys(FINDINGS) as FindingId[];
  return { ids, rules: ids.map((id) => ruleOf(id, FINDINGS[id], towards)) };
}

function ruleOf(id: string, { category }: FindingEntry, towards: 'threat' | 'spam'): ColumnRule {
  const known = KNOWN_TO_OTHERS[id] ?? MODELS[id];
  const fixed = known === undefined ? FIXED[id] : towards === 'threat' ? known : 0;
  if (fixed !== undefined) return { mean: fixed, least: fixed, most: fixed };
  const mean = BELIEVED[id] ?? (category === null ? 0.2 : (BY_CATEGORY[category] ?? 0.2));
  if (IN_FAVOUR.has(id)) return { mean: Math.min(mean, -0.2), least: LEAST_IN_FAVOUR, most: 0 };
  const most = id === 'content.reads-like-phishing' ? MOST_FOR_WORDS : (HELD[id] ?? MOST);
  return { mean: Math.min(mean, most), least: 0, most };
}
