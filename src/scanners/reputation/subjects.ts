import type { EvidencePlace, FileFacts, Link, LinkOrigin, Message } from '../../mail/message.js';
import type { Indicator, ScanContext } from '../scanner.js';

/** Something of a message that others may know, and where it stands. */
export interface Subject {
  readonly indicator: Indicator;
  readonly at: EvidencePlace;
  /** How a person would call it. */
  readonly what: string;
}

/** Requests cost money and time: the most telling ones are asked about. */
const MOST_LINKS = 10;
const MOST_FILES = 6;
const MOST_DOMAINS = 3;

/** How much harm a link can do, by where it stands. What is loaded without a click comes last. */
const WORTH: Readonly<Record<LinkOrigin, number>> = {
  'html-form': 3,
  qr: 3,
  attachment: 3,
  office: 3,
  pdf: 3,
  'html-anchor': 2,
  'html-area': 2,
  text: 2,
  subject: 2,
  calendar: 2,
  nested: 1,
  'html-other': 0,
  'html-image': 0,
};

/** Web links by what earlier layers think of them and where they stand; one of each host before the second of any. */
export function linksOf(message: Message, { tenant, earlier }: ScanContext): readonly Subject[] {
  const suspected = new Set(earlier.flatMap(({ at }) => (at?.kind === 'link' ? [at.index] : [])));
  const first = new Map<string, { readonly link: Link; readonly index: number }>();
  for (const [index, link] of message.links.entries()) {
    if (link.href === null || !/^https?$/.test(link.scheme) || isWithin(link.host, tenant.domains)) continue;
    const known = first.get(link.href);
    if (known === undefined || WORTH[link.origin] > WORTH[known.link.origin]) first.set(link.href, { link, index });
  }
  const ranked = [...first.values()]
    .map((entry) => ({ ...entry, worth: WORTH[entry.link.origin] + (suspected.has(entry.index) ? 4 : 0) }))
    .sort((a, b) => b.worth - a.worth);
  const turn = new Map<string, number>();
  return ranked
    .map(({ link, index }) => {
      const nth = turn.get(link.host) ?? 0;
      turn.set(link.host, nth + 1);
      return { link, index, nth };
    })
    .sort((a, b) => a.nth - b.nth)
    .slice(0, MOST_LINKS)
    .map(({ link, index }) => ({
      indicator: { kind: 'url', value: link.href ?? '' },
      at: { kind: 'link', index },
      what: `a link to ${link.host}`,
    }));
}

/** Attached files and what lies in archives; pictures shown in the text and empty files say nothing. */
export function filesOf(message: Message): readonly Subject[] {
  const seen = new Set<string>();
  const files: (Subject & { readonly worth: number })[] = [];
  const add = (file: FileFacts, name: string, index: number, picture: boolean): void => {
    if (file.size === 0 || seen.has(file.sha256)) return;
    seen.add(file.sha256);
    const indicator = { kind: 'sha256', value: file.sha256 } as const;
    files.push({ indicator, at: { kind: 'attachment', index }, what: name, worth: picture ? 0 : 1 });
  };
  for (const [index, file] of message.attachments.entries()) {
    const picture = file.image !== null;
    if (picture && file.inline) continue;
    add(file, file.filename ?? 'an attached file', index, picture);
    for (const member of file.archive?.members ?? []) add(member, member.name, index, member.image !== null);
  }
  return files.sort((a, b) => b.worth - a.worth).slice(0, MOST_FILES);
}

/** The domains that the message names as its sender's; only the operator's own lists are asked about these. */
export function senderDomainsOf({ identity, headers }: Message, { tenant }: ScanContext): readonly Subject[] {
  const mailFrom = identity.mailFrom?.slice(identity.mailFrom.lastIndexOf('@') + 1) ?? '';
  const named = [
    ...identity.from.map(({ domain }) => ({ domain, field: 'from' })),
    ...identity.replyTo.map(({ domain }) => ({ domain, field: 'reply-to' })),
    { domain: mailFrom.toLowerCase(), field: 'return-path' },
  ];
  const seen = new Set<string>();
  return named
    .filter(({ domain }) => {
      if (!domain.includes('.') || seen.has(domain) || isWithin(domain, tenant.domains)) return false;
      seen.add(domain);
      return true;
    })
    .slice(0, MOST_DOMAINS)
    .map(({ domain, field }) => {
      const index = headers.findIndex(({ name }) => name === field);
      return {
        indicator: { kind: 'domain', value: domain },
        at: index === -1 ? { kind: 'message' } : { kind: 'header', index },
        what: domain,
      };
    });
}

/** The tenant's own: nobody outside need hear of them. */
function isWithin(host: string, domains: readonly string[]): boolean {
  return domains.some((domain) => host === domain || host.endsWith(`.${domain}`));
}
