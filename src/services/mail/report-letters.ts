import type { Letter } from '../../mailer/letter.js';
import type { ReportDecision, ReportKind } from '../../store/interfaces/reports.js';

/** One reported message and what was found. */
export interface ReportedFacts {
  readonly subject: string;
  readonly from: string;
  readonly label: string;
  readonly kind: ReportKind;
  /** What an administrator decided about it before. */
  readonly decision: ReportDecision | null;
}

const ALARM = 'If you have typed a password, opened a file or paid something, tell your administrator now.';

const VERDICTS: Readonly<Record<string, string>> = {
  phishing: `it tries to deceive you. Do not follow its links, do not answer it, and delete it. ${ALARM}`,
  malware: `it carries something harmful. Do not open its attachments, and delete it. ${ALARM}`,
  suspicious:
    'some of it does not add up. Do not follow its links, and ask the sender in another way before you act on it.',
  spam: 'it is unwanted advertising. Nothing in it seems to want to harm you; you can delete it.',
  safe: 'nothing dangerous was found in it. If you did not expect it, ask the sender in another way before you act on it.',
  incomplete:
    'not all of it could be examined, so it is not called safe. Leave its links and attachments alone until your administrator has looked at it.',
};

const DECISIONS: Readonly<Record<ReportDecision, string>> = {
  dangerous: `it is dangerous. Do not follow its links, do not answer it, and delete it. ${ALARM}`,
  spam: 'it is unwanted advertising and does no harm. You can delete it.',
  harmless: 'it is harmless.',
};

const INLINE =
  'It was forwarded inside a mail, so its header is missing and nobody can tell whether its sender is who it says. Next time, forward it as an attachment: then all of it can be examined.';
const DIRECT =
  'No forwarded message was found in your mail, so your mail itself was examined. To report a message, forward it as an attachment.';

/** `open`: where the reporter can see the verdict; null where they cannot sign in. */
export function reportAnswer(
  messages: readonly ReportedFacts[],
  mailbox: string,
  open: { readonly url: string; readonly label: string } | null,
): Letter {
  const kinds = new Set(messages.map(({ kind }) => kind));
  return {
    subject: 'The message you reported',
    paragraphs: [
      'Thank you for your report.',
      ...messages.map((message) => `${named(message)}: ${judgement(message)}`),
      ...(kinds.has('inline') ? [INLINE] : []),
      ...(kinds.has('direct') ? [DIRECT] : []),
    ],
    ...(open === null ? {} : { link: open }),
    reason: `You get this message because a mail with your address as its sender reached ${mailbox}. Its verdicts are made by a machine; an administrator may decide otherwise, and you will hear of it.`,
  };
}

/** `words`: what the administrator adds. */
export function decisionLetter(
  message: Pick<ReportedFacts, 'subject' | 'from'>,
  decision: ReportDecision,
  words: string,
  open: { readonly url: string; readonly label: string } | null,
): Letter {
  return {
    subject: 'The message you reported: a decision',
    paragraphs: [
      `${named(message)}: an administrator has looked at it, and ${DECISIONS[decision]}`,
      ...(words === '' ? [] : [`They write: ${disarmed(words)}`]),
    ],
    ...(open === null ? {} : { link: open }),
    reason: 'You get this message because you reported that one.',
  };
}

function judgement({ label, decision }: ReportedFacts): string {
  if (decision !== null) return `an administrator has looked at it before, and ${DECISIONS[decision]}`;
  return VERDICTS[label] ?? VERDICTS['incomplete'] ?? '';
}

function named({ subject, from }: Pick<ReportedFacts, 'subject' | 'from'>): string {
  const title = subject === '' ? 'The message without a subject' : `“${disarmed(subject.slice(0, 150))}”`;
  return from === '' ? title : `${title} from ${disarmed(from.slice(0, 200))}`;
}

/** So that no mail program makes a link of it: `https://evil.example` becomes `https[:]//evil[.]example`. */
function disarmed(text: string): string {
  return text.replace(/:\/\//g, '[:]//').replace(/(?<=[\p{L}\p{N}])[.。．](?=[\p{L}\p{N}])/gu, '[.]');
}
