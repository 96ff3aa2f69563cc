import type { Message } from '../../mail/message.js';
import { brandsOf } from '../brands/brand-list.js';
import { factScanner } from '../fact-scanner.js';
import { brandedSenderOf, senderOf } from '../sender.js';
import { isAmong } from '../model/infrastructure.js';
import type { Finding, ScanContext } from '../scanner.js';
import { isFreeHosting, isObjectStorage, isShortener } from './hosts/hosts.js';
import { targetsOf } from './targets.js';
import type { Target } from './targets.js';

/** Links to its own site make up at least this share of an honest sender's message. */
const MOSTLY = 0.6;

/** All links of the message taken together, against the sender. */
export const whole = factScanner('urls', 'whole', (message, context) => {
  const targets = targetsOf(message, context.tenant).filter(({ host }) => !isAmong('publicServices', host));
  const [first] = targets;
  if (first === undefined) return [];
  return [
    ...oneLink(message, targets),
    ...againstSender(message, targets, context),
    ...provenBrand(message, targets, context),
    ...borrowed(message, targets, context),
    ...formTargets(message, targets),
  ];
});

/** Everything, the small print included, leads to the same page. */
function oneLink(message: Message, targets: readonly Target[]): readonly Finding[] {
  const hrefs = new Set(targets.map(({ link }) => link.href));
  const [first] = targets;
  const anchors = message.links.filter(
    ({ href, origin }) => href !== null && hrefs.has(href) && origin.startsWith('html-'),
  ).length;
  if (first === undefined || hrefs.size !== 1 || anchors < 3 || first.ofSender) return [];
  return [
    {
      id: 'urls.one-link-for-everything',
      evidence: `all ${anchors} links open the same page of ${first.host}`,
      at: { kind: 'link', index: first.index },
      strength: Math.min(1, anchors / 6),
    },
  ];
}

function againstSender(
  message: Message,
  targets: readonly Target[],
  { authentication }: ScanContext,
): readonly Finding[] {
  const { domain, freeMail } = senderOf(message);
  if (domain === '' || freeMail) return [];
  const own = targets.filter(({ ofSender }) => ofSender).length;
  const foreign = targets.filter(({ ofSender, tracker }) => !ofSender && !tracker);
  const [first] = foreign;
  if (own / targets.length >= MOSTLY) {
    const evidence = `${own} of ${targets.length} links lead to the sender’s own site`;
    return [
      {
        id: 'urls.links-to-sender',
        evidence,
        strength: authentication.aligned ? 1 : 0.5,
        at: { kind: 'link', index: targets.find(({ ofSender }) => ofSender)?.index ?? 0 },
      },
    ];
  }
  if (first === undefined || own > 0) return [];
  const domains = new Set(foreign.map((target) => target.domain || target.host));
  const at = { kind: 'link', index: first.index } as const;
  if (domains.size === 1 && foreign.length === targets.length) {
    const evidence = `every link opens ${first.host}, which has nothing to do with ${domain}`;
    return [
      {
        id: 'urls.one-foreign-site',
        evidence,
        at,
        indicators: [{ kind: 'domain', value: first.domain || first.host }],
      },
    ];
  }
  return [
    { id: 'urls.unrelated-to-sender', evidence: `no link leads to ${domain}; the first opens ${first.host}`, at },
  ];
}

/** Sites of known companies where every customer publishes: that a link stays there says nothing about who wrote the page. */
const CUSTOMERS_PAGES =
  /^(?:.+\.)?(?:onedrive\.live\.com|forms\.microsoft\.com|calendar\.google\.com|app\.powerbi\.com|dropbox\.com|canva\.com)$/;

/** A known company, proven, that links and answers nowhere but to itself. */
function provenBrand(
  message: Message,
  targets: readonly Target[],
  { authentication, tenant }: ScanContext,
): readonly Finding[] {
  const { owner, freeMail } = brandedSenderOf(message, tenant);
  const { ownerOf } = brandsOf(tenant);
  if (owner === null || freeMail || !authentication.aligned) return [];
  const [first] = targets;
  const stays = ({ host, ofSender, openRedirect, tracker }: Target): boolean =>
    ofSender && !openRedirect && !tracker && !isCustomersPage(host);
  if (first === undefined || !targets.every(stays)) return [];
  if (message.identity.replyTo.some(({ domain }) => ownerOf(domain) !== owner)) return [];
  const evidence = `${owner.name} provably sent this, and all ${targets.length} links stay on its own site`;
  return [{ id: 'urls.links-stay-with-proven-brand', evidence, at: { kind: 'link', index: first.index } }];
}

function isCustomersPage(host: string): boolean {
  return isShortener(host) || isFreeHosting(host) || isObjectStorage(host) || CUSTOMERS_PAGES.test(host);
}

/** Real links of a company, for trust, beside one that leads elsewhere. */
function borrowed(message: Message, targets: readonly Target[], { tenant }: ScanContext): readonly Finding[] {
  const sender = brandedSenderOf(message, tenant);
  const { ownerOf } = brandsOf(tenant);
  const lure = targets.find(({ host, ofSender, tracker }) => !ofSender && !tracker && ownerOf(host) === null);
  const real = targetsOf(message, tenant).find(({ host }) => {
    const owner = isShortener(host) || isFreeHosting(host) || isObjectStorage(host) ? null : ownerOf(host);
    return (
      owner !== null &&
      owner !== sender.owner &&
      (sender.mentions.some((mention) => mention.brand === owner) || targets.some((target) => target.host === host))
    );
  });
  if (lure === undefined || real === undefined) return [];
  const evidence = `links to ${real.host} for trust, and to ${lure.host}`;
  const named = sender.mentions.some(({ brand }) => brand === ownerOf(real.host));
  return [{ id: 'urls.borrowed-links', evidence, at: { kind: 'link', index: lure.index }, strength: named ? 1 : 0.4 }];
}

function formTargets(message: Message, targets: readonly Target[]): readonly Finding[] {
  const target = targets.find(({ link, ofSender }) => link.origin === 'html-form' && !ofSender);
  if (target === undefined || message.document === null) return [];
  return [
    {
      id: 'urls.form-sends-elsewhere',
      evidence: `a form in the message sends what you enter to ${target.host}`,
      at: { kind: 'link', index: target.index },
    },
  ];
}
