import { registrableDomain } from '../../../mail/domains.js';
import { brandsOf } from '../../brands/brand-list.js';
import type { BrandList } from '../../brands/brand-list.js';
import type { LookAlikeKind } from '../../brands/look-alike.js';
import type { BrandMention } from '../../brands/mentions.js';
import { factScanner } from '../../fact-scanner.js';
import type { Finding, ScanContext } from '../../scanner.js';
import type { Message } from '../../../mail/message.js';
import { brandedSenderOf, headerPlace } from '../../sender.js';
import type { BrandedSender } from '../../sender.js';

const KINDS: Readonly<Record<LookAlikeKind, string>> = {
  characters: 'is written with characters that look like',
  typo: 'is one letter away from',
  combined: 'puts words around the name of',
  subdomain: 'carries, under a stranger’s domain, the name of',
};

/** Known companies imitated in the name, the subject or the address of the sender; and the real ones, proven. */
export const brand = factScanner('headers', 'brand', (message, context) => {
  const sender = brandedSenderOf(message, context.tenant);
  const brands = brandsOf(context.tenant);
  if (sender.domain === '') return [];
  if (sender.owner !== null) return real(message, context, sender);
  return [
    ...inName(message, sender, brands),
    ...inAddress(message, sender, brands),
    ...inSubject(message, sender, brands),
  ];
});

function real(
  message: Message,
  { authentication }: ScanContext,
  { owner, domain, freeMail }: BrandedSender,
): readonly Finding[] {
  if (owner === null || freeMail || !authentication.aligned) return [];
  const evidence = `${domain} belongs to ${owner.name}, and the message provably comes from there`;
  return [{ id: 'headers.known-brand-verified', evidence, at: headerPlace(message, 'from') }];
}

function inName(message: Message, sender: BrandedSender, brands: BrandList): readonly Finding[] {
  const mention = strongest(sender.mentions);
  if (mention === null || sameLabel(mention, sender, brands)) return [];
  return [
    {
      id: 'headers.brand-in-name',
      evidence: `the name says “${sender.name.slice(0, 80)}”, but ${sender.domain} does not belong to ${mention.brand.name}`,
      at: headerPlace(message, 'from'),
      strength: mention.alone || mention.disguised ? 1 : 0.4,
      indicators: [{ kind: 'domain', value: sender.domain }],
    },
  ];
}

function inAddress(message: Message, sender: BrandedSender, brands: BrandList): readonly Finding[] {
  const at = headerPlace(message, 'from');
  const imitation = brands.lookAlikeOf(sender.domain, registrableDomain(sender.domain));
  if (imitation !== null) {
    const evidence = `${sender.domain} ${KINDS[imitation.kind]} ${imitation.brand.name}`;
    const indicators = [{ kind: 'domain', value: sender.domain }] as const;
    return [
      {
        id: 'headers.brand-look-alike-domain',
        evidence,
        at,
        indicators,
        strength: imitation.kind === 'combined' ? 0.8 : 1,
      },
    ];
  }
  const local = strongest(brands.namedIn(sender.local.replace(/[._+-]+/g, ' ')));
  if (local === null || !local.alone || sameLabel(local, sender, brands)) return [];
  const evidence = `${sender.address} names ${local.brand.name} before the @, but ${sender.domain} is not theirs`;
  return [{ id: 'headers.brand-in-mailbox', evidence, at }];
}

function inSubject(message: Message, sender: BrandedSender, brands: BrandList): readonly Finding[] {
  if (/^(?:re|fwd?|aw|wg|sv|tr|antw|res|enc)\s*:/i.test(message.subject)) return [];
  const named = brands.namedIn(message.subject).filter((mention) => !sameLabel(mention, sender, brands));
  const mention = named[0];
  if (mention === undefined || mention.brand.commonWord === true) return [];
  return [
    {
      id: 'headers.brand-in-subject',
      evidence: `the subject speaks of ${mention.brand.name}; the sender is ${sender.domain}`,
      at: headerPlace(message, 'subject'),
      strength: mention.disguised ? 1 : 0.6,
    },
  ];
}

function strongest(mentions: readonly BrandMention[]): BrandMention | null {
  return mentions.find(({ disguised }) => disguised) ?? mentions.find(({ alone }) => alone) ?? mentions[0] ?? null;
}

/** The brand's own name as the whole of the domain's first label: a branch the list does not know, or a namesake; nobody imitates so. */
function sameLabel(
  { brand: named, as }: BrandMention,
  { domain, organisation }: BrandedSender,
  brands: BrandList,
): boolean {
  const label = organisation.split('.')[0] ?? '';
  return (
    brands.owns(named, domain) ||
    label === as.replace(/[^a-z0-9]/g, '') ||
    label === named.name.toLowerCase().replace(/[^a-z0-9]/g, '')
  );
}
