import { domainToUnicode } from 'node:url';
import { brandsOf } from '../brands/brand-list.js';
import type { BrandList } from '../brands/brand-list.js';
import type { LookAlikeKind } from '../brands/look-alike.js';
import { factScanner } from '../fact-scanner.js';
import { strongestOf } from './strongest.js';
import type { Observation } from './strongest.js';
import { targetsOf } from './targets.js';
import type { Target } from './targets.js';

/** Programs that others run on their own sites under their own path. */
const PRODUCTS = new Set([
  'jira',
  'confluence',
  'github',
  'wordpress',
  'outlook',
  'google',
  'facebook',
  'twitter',
  'instagram',
  'youtube',
  'linkedin',
]);

const STRENGTHS: Readonly<Record<LookAlikeKind, number>> = { characters: 1, typo: 0.9, combined: 0.8, subdomain: 1 };

/** Sites that borrow the name of a known company: in their domain, before it, or in the path. */
export const brandHosts = factScanner('urls', 'brand-hosts', (message, { tenant }) => {
  const targets = targetsOf(message, tenant);
  const brands = brandsOf(tenant);
  return [
    ...strongestOf('urls.brand-look-alike', targets, (target) => imitation(target, false, brands)),
    ...strongestOf('urls.brand-in-subdomain', targets, (target) => imitation(target, true, brands)),
    ...strongestOf('urls.brand-in-path', targets, (target) => inPath(target, brands)),
  ];
});

function imitation(target: Target, subdomain: boolean, { lookAlikeOf }: BrandList): Observation | null {
  // App-link and mailing services give each customer a name under their own domain.
  if (target.domain === '' || target.tracker) return null;
  const unicode = target.host.includes('xn--') ? domainToUnicode(target.host) : target.host;
  const found = lookAlikeOf(target.host, target.domain, unicode);
  if (found === null || (found.kind === 'subdomain') !== subdomain) return null;
  const shown = unicode === target.host ? target.host : `${unicode} (${target.host})`;
  const evidence = subdomain
    ? `${shown} begins like ${found.brand.name}, but belongs to ${target.domain}`
    : `${shown} imitates ${found.brand.name}`;
  // A sender who links to his own site of that name may simply be called so.
  return { evidence, strength: STRENGTHS[found.kind] * (target.ofSender ? 0.5 : 1) };
}

/** `/paypal.com/signin`, `/office365/login.php`: the name only looks like the site. */
function inPath(target: Target, { ownerOf, namedIn }: BrandList): Observation | null {
  if (target.tracker || target.via !== null || target.url.pathname.length < 5 || ownerOf(target.host) !== null)
    return null;
  for (const segment of target.url.pathname.slice(0, 300).split('/')) {
    if (segment.length < 4 || segment.length > 60) continue;
    const dotted = /^(?:[a-z0-9-]+\.)+(?:com|net|org|de|fr|co\.uk)$/i.test(segment)
      ? ownerOf(segment.toLowerCase())
      : null;
    const brand =
      dotted ??
      namedIn(segment.replace(/[._+%-]+/g, ' ')).find(({ alone, as }) => alone && !PRODUCTS.has(as))?.brand ??
      null;
    if (brand === null || (dotted === null && brand.commonWord === true)) continue;
    const evidence = `${target.host} has “${segment}” in its path, but does not belong to ${brand.name}`;
    return { evidence, strength: dotted === null ? 0.6 : 1 };
  }
  return null;
}
