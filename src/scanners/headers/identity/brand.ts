import { registrableDomain } from '../../../mail/domains.js';
import { lookAlikeOf } from '../../brands/look-alike.js';
import type { LookAlikeKind } from '../../brands/look-alike.js';
import { owns } from '../../brands/brands.js';
import { brandsNamedIn } from '../../brands/mentions.js';
import type { BrandMention } from '../../brands/mentions.js';
import { factScanner } from '../../fact-scanner.js';
import type { Finding, ScanContext } from '../../scanner.js';
import type { Message } from '../../../mail/message.js';
import { headerPlace, senderOf } from '../../sender.js';
import type { Sender } from '../../sender.js';

const KINDS: Readonly<Record<LookAlikeKind, string>> = {
  characters: 'is written with characters that look like',
  typo: 'is one letter away from',
  combined: 'puts words around the name of',
  subdomain: 'carries, under a stranger’s domain, the name of',
};

/** Known companies imitated in the name, the subject or the address of the sender; and the real ones, proven. */
export const brand = factScanner('headers', 'brand', (message, context) => {
  const sender = senderOf(message);
  if (sender.domain === '') return [];
  if (sender.owner !== null) return real(message, context, sender);
  return [...inName(message, sender), ...inAddress(message, sender), ...inSubject(message, sender)];
});

function real(
  message: Message,
  { authentication }: ScanContext,
  { owner, domain, freeMail }: Sender,
): readonly Finding[] {
  if (owner === null || freeMail || !authentication.aligned) return [];
  const evidence = `${domain} belongs to ${owner.name}, and the message provably comes from there`;
  return [{ id: 'headers.known-brand-verified', evidence, at: headerPlace(message, 'from') }];
}

function inName(message: Message, sender: Sender): readonly Finding[] {
  const mention = strongest(sender.mentions);
  if (mention === null || sameLabel(mention, sender)) return [];
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

function inAddress(message: Message, sender: Sender): readonly Finding[] {
  const at = headerPlace(message, 'from');
  const imitation = lookAlikeOf(sender.domain, registrableDomain(sender.domain));
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
  const local = strongest(brandsNamedIn(sender.local.replace(/[._+-]+/g, ' ')));
  if (local === null || !local.alone || sameLabel(local, sender)) return [];
  const evidence = `${sender.address} names ${local.brand.name} before the @, but ${sender.domain} is not theirs`;
  return [{ id: 'headers.brand-in-mailbox', evidence, at }];
}

function inSubject(message: Message, sender: Sender): readonly Finding[] {
  if (/^(?:re|fwd?|aw|wg|sv|tr|antw|res|enc)\s*:/i.test(message.subject)) return [];
  const named = brandsNamedIn(message.subject).filter((mention) => !sameLabel(mention, sender));
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
function sameLabel({ brand: named, as }: BrandMention, { domain, organisation }: Sender): boolean {
  const label = organisation.split('.')[0] ?? '';
  return (
    owns(named, domain) ||
    label === as.replace(/[^a-z0-9]/g, '') ||
    label === named.name.toLowerCase().replace(/[^a-z0-9]/g, '')
  );
}
