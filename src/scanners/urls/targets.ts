import { registrableDomain } from '../../mail/domains.js';
import type { Link, LinkOrigin, Message } from '../../mail/message.js';
import { brandsOf } from '../brands/brand-list.js';
import { keptWith } from '../kept-with.js';
import type { TenantProfile } from '../scanner.js';
import { areRelated, brandedSenderOf } from '../sender.js';
import { isClickTracker } from './hosts/hosts.js';
import { redirectionOf } from './redirectors.js';

/** A web link a person could follow, and where it leads as far as it says so itself. */
export interface Target {
  readonly link: Link;
  /** Index in `message.links`. */
  readonly index: number;
  /** Where the link leads; past a redirector that names its destination. */
  readonly url: URL;
  readonly host: string;
  /** Registrable domain; '' for IP addresses. */
  readonly domain: string;
  /** Host of the page that sends on; null for a direct link. */
  readonly via: string | null;
  /** The page that sends on does so for anyone. */
  readonly openRedirect: boolean;
  /** The sender's own site or a sister of it, by name. */
  readonly ofSender: boolean;
  /** A mailing service's counter: where it leads stays unknown. */
  readonly tracker: boolean;
}

/** A newsletter has fifty; more than this is padding. */
const MOST = 150;
/** RFC 1035; browsers open nothing longer. */
const LONGEST_HOST = 253;
const NOT_FOLLOWED: ReadonlySet<LinkOrigin> = new Set<LinkOrigin>(['html-image', 'html-other']);
const EMPTY: readonly Target[] = [];
const kept = keptWith<Message, { readonly tenant: TenantProfile; readonly targets: readonly Target[] }>('targets');

/** Every different web link that can be followed, in order; worked out once a message and profile. */
export function targetsOf(message: Message, tenant: TenantProfile): readonly Target[] {
  const known = kept.of(message);
  if (known?.tenant === tenant) return known.targets;
  const targets = message.links.length === 0 ? EMPTY : collect(message, tenant);
  return kept.keep(message, { tenant, targets }).targets;
}

function collect(message: Message, tenant: TenantProfile): readonly Target[] {
  const { organisation, owner } = brandedSenderOf(message, tenant);
  const { ownerOf } = brandsOf(tenant);
  const seen = new Set<string>();
  const targets: Target[] = [];
  for (let index = 0; index < message.links.length && targets.length < MOST; index++) {
    const link = message.links[index];
    if (
      link === undefined ||
      link.href === null ||
      link.host === '' ||
      link.host.length > LONGEST_HOST ||
      NOT_FOLLOWED.has(link.origin)
    )
      continue;
    const key = `${link.href} ${link.text}`;
    if (seen.has(key) || !URL.canParse(link.href)) continue;
    seen.add(key);
    const first = new URL(link.href);
    if (first.protocol !== 'https:' && first.protocol !== 'http:') continue;
    const redirection = redirectionOf(first);
    const url = redirection?.destination ?? first;
    const host = redirection === null ? link.host : url.hostname;
    const domain = redirection === null ? link.domain : registrableDomain(host);
    const siteOwner = owner === null ? null : ownerOf(host);
    targets.push({
      link,
      index,
      url,
      host,
      domain,
      via: redirection === null ? unwrappedRedirector(link) : link.host,
      openRedirect: redirection === null ? link.wrappers.some(isRedirect) : redirection.open,
      ofSender:
        domain !== '' &&
        (domain === organisation || areRelated(domain, organisation) || (siteOwner !== null && siteOwner === owner)),
      tracker: isClickTracker(host),
    });
  }
  return targets;
}

/** Extraction takes off the best known redirectors together with security wrappers; they are called `google-redirect` and the like. */
export function isRedirect(wrapper: string): boolean {
  return wrapper.endsWith('-redirect');
}

function unwrappedRedirector(link: Link): string | null {
  if (!link.wrappers.some(isRedirect)) return null;
  return URL.canParse(link.url) ? new URL(link.url).hostname : (link.wrappers.find(isRedirect) ?? null);
}
