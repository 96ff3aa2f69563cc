import type { Message } from '../../../mail/message.js';
import type { TenantProfile } from '../../scanner.js';
import { createRedactor } from './redact.js';
import type { Redactor } from './redact.js';

/** Nothing of a message beyond this leaves the machine. */
export const MOST_CHARACTERS = 6000;
/** Read before redaction: what is far beyond cannot end up in the letter. */
const MOST_READ = 20_000;
const MOST_LINKS = 10;
const MOST_FILES = 6;
/** Of a long text its end is worth something too: there stand the threat, the number, the signature. */
const TAIL_SHARE = 0.25;
const CUT = '\n[… left out …]\n';

/**
 * A message as a language model gets to read it: who it says it is from, its subject, where its links lead, what is attached, and what
 * a reader sees; without personal data, at most 6,000 characters. '' where there is nothing to read.
 */
export function letterOf(message: Message, tenant: TenantProfile): string {
  const { identity } = message;
  const redact = createRedactor({
    recipients: [...identity.to, ...identity.cc].slice(0, 50),
    people: tenant.people.slice(0, 200),
    domains: tenant.domains,
  });
  const visible = tidy(message.visible.slice(0, MOST_READ));
  if (visible === '' && message.subject.trim() === '') return '';
  const head = plain(
    [
      `From: ${senderLine(message, redact)}`,
      ...identity.replyTo.slice(0, 1).map(({ address }) => `Answers go to: ${redact(address)}`),
      `Subject: ${redact(tidy(message.subject).slice(0, 500))}`,
      ...linkLines(message, redact),
      ...fileLines(message, redact),
      'Text:',
    ].join('\n'),
  ).slice(0, MOST_CHARACTERS / 2);
  const text = plain(redact(visible));
  return `${head}\n${shortened(text, MOST_CHARACTERS - head.length - 1)}`;
}

/** The name a sender gives is what impersonation consists of; the local part of the address is not needed to see it. */
function senderLine({ identity }: Message, redact: Redactor): string {
  return identity.from
    .slice(0, 3)
    .map(({ name, address }) => `"${redact(tidy(name).slice(0, 200))}" <${redact(address.slice(0, 320))}>`)
    .join(', ');
}

function linkLines({ links }: Message, redact: Redactor): readonly string[] {
  const lines = new Set<string>();
  for (const { href, text, origin } of links) {
    if (href === null || !/^https?:/.test(href) || origin === 'html-image' || origin === 'html-other') continue;
    const shown = tidy(redact(text)).slice(0, 80);
    const where = redact(href.slice(0, 2000));
    const from = origin === 'qr' || origin === 'pdf' || origin === 'attachment' ? ` (in ${origin})` : '';
    lines.add(shown === '' || shown === where ? `- ${where}${from}` : `- "${shown}" leads to ${where}${from}`);
    if (lines.size === MOST_LINKS) break;
  }
  return lines.size === 0 ? [] : ['Links:', ...lines];
}

function fileLines({ attachments }: Message, redact: Redactor): readonly string[] {
  const files = attachments.filter(({ inline, image }) => !(inline && image !== null)).slice(0, MOST_FILES);
  return files.map(
    ({ filename, detectedType, declaredType }) =>
      `Attached: ${tidy(redact(filename ?? 'a file')).slice(0, 100)} (${detectedType ?? declaredType})`,
  );
}

function shortened(text: string, room: number): string {
  if (text.length <= room) return text;
  const tail = Math.floor(room * TAIL_SHARE);
  return text.slice(0, room - tail - CUT.length) + CUT + text.slice(-tail);
}

/** One space for every run of them, no invisible characters, at most one empty line. */
function tidy(text: string): string {
  return text
    .replace(/[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\p{Cc}]/gu, (letter) =>
      letter === '\n' ? '\n' : letter === '\t' ? ' ' : '',
    )
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

/** Marks by which models are told who speaks lose their form. */
function plain(text: string): string {
  return text.replace(/<\|/g, '< |').replace(/\|>/g, '| >');
}
