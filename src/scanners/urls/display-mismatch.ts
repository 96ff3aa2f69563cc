import { registrableDomain, toAsciiHost } from '../../mail/domains.js';
import { brandsOf } from '../brands/brand-list.js';
import type { BrandList } from '../brands/brand-list.js';
import { factScanner } from '../fact-scanner.js';
import { areRelated } from '../sender.js';
import { isShortener } from './hosts/hosts.js';
import { strongestOf } from './strongest.js';
import { targetsOf } from './targets.js';
import type { Target } from './targets.js';

const WITH_SCHEME =
  /(?:^|[\s("'[<])(?:https?:\/\/|www\.)([\p{L}\p{N}][\p{L}\p{N}.-]{1,250}\.[\p{L}]{2,24})(?=$|[\s/:?#)"'\]>,])/iu;
/** Without a scheme only names that can hardly be anything else: file names and sentences hold dots too. */
const BARE =
  /^((?:[\p{L}\p{N}-]{1,63}\.){1,5}(?:com|net|org|gov|edu|info|co\.uk|de|fr|it|es|nl|be|at|ch|pl|com\.br|com\.au|ca|eu|us|jp|co\.jp))(?:[/?#]\S*)?$/iu;

/** The text shows one site, the link opens another. */
export const displayMismatch = factScanner('urls', 'display-mismatch', (message, { tenant }) =>
  strongestOf('urls.display-target-mismatch', targetsOf(message, tenant), (target) => {
    const shown = shownHost(target.link.text);
    if (shown === null || target.host === '') return null;
    const domain = registrableDomain(shown);
    if (domain === '' || domain === target.domain) return null;
    return { evidence: `shows ${shown}, opens ${target.host}`, strength: strengthOf(domain, target, brandsOf(tenant)) };
  }),
);

function strengthOf(shown: string, target: Target, { ownerOf }: BrandList): number {
  const owner = ownerOf(shown);
  if (owner !== null && owner === ownerOf(target.host)) return 0.05;
  if (target.tracker || target.ofSender) return 0.15;
  if (areRelated(shown, target.domain)) return 0.3;
  return isShortener(target.host) || isShortener(shown) ? 0.5 : 1;
}

/** The host that a link's text promises; null when it promises none. */
function shownHost(text: string): string | null {
  const shown = text.slice(0, 500).trim();
  if (shown.length < 4 || shown.includes('@')) return null;
  const host = (WITH_SCHEME.exec(shown) ?? BARE.exec(shown))?.[1];
  return host === undefined ? null : toAsciiHost(host);
}
