import type { Brand } from './brands.js';
import { oneLess, SHORTEST_COMBINED, SHORTEST_TYPO } from './host-labels.js';
import type { Label, Labels } from './host-labels.js';
import { folded } from './skeleton.js';

export type LookAlikeKind =
  /** Characters swapped for ones that look the same: paypa1, раураl. */
  | 'characters'
  /** One letter more, less, other or swapped: gogle. */
  | 'typo'
  /** The name with words around it: paypal-login, secure-paypal. */
  | 'combined'
  /** The name under a stranger's domain: paypal.com.example.net. */
  | 'subdomain';

export interface LookAlike {
  readonly brand: Brand;
  readonly kind: LookAlikeKind;
}

/** Words that make a host pretend to be the brand's own. */
const BAIT =
  /^(?:account|accounts|alert|app|auth|bank|billing|card|care|center|chat|check|claim|client|confirm|customer|delivery|drive|gift|help|helpdesk|home|id|info|invoice|live|login|logon|mail|mobile|my|mein|mon|net|notice|office|online|pay|payment|payments|portal|prime|promo|recover|refund|reset|reward|rewards|secure|secured|security|service|services|shop|sign|signin|site|sso|store|support|survey|team|track|tracking|update|user|users|verification|verify|wallet|web|webmail|win|winner)s?\d{0,4}$/;

/** A coined name this long stands in no other word: it imitates without any bait word. */
const LONG_NAME = 8;

/** RFC 2606; list archives append `.invalid` to hide addresses. */
const RESERVED = /\.(?:invalid|test|example|localhost)$/;

/**
 * Whether a host that belongs to no brand imitates one; null when not. `host` is ASCII lower case, `domain` its registrable domain,
 * `unicode` the host as shown to people where it holds other characters.
 */
export function findLookAlike(names: Labels, host: string, domain: string, unicode: string): LookAlike | null {
  if (host === '' || domain === '' || RESERVED.test(domain)) return null;
  return examine(names, host, domain, unicode);
}

function examine(names: Labels, host: string, domain: string, unicode: string): LookAlike | null {
  const shown = unicode.split('.');
  const own = shown[shown.length - domain.split('.').length] ?? '';
  const direct = imitates(names, own);
  if (direct !== null) return direct;
  const above = host.slice(0, Math.max(0, host.length - domain.length - 1));
  const labels = above === '' ? [] : above.split('.');
  for (const [at, label] of labels.entries()) {
    const hit = inSubdomain(names, label, labels[at + 1] ?? '');
    if (hit !== null) return { brand: hit.brand, kind: 'subdomain' };
  }
  return null;
}

function imitates(names: Labels, label: string): LookAlike | null {
  const plain = names.plain.get(label);
  // The exact name under another suffix: often another company with the same name, unless the name is a coined one.
  if (plain !== undefined) return null;
  const fold = folded(label);
  const same = names.folded.get(fold);
  if (same !== undefined && same.brand.commonWord !== true) return { brand: same.brand, kind: 'characters' };
  const typo = typoOf(names, label);
  if (typo !== null) return { brand: typo.brand, kind: 'typo' };
  const combined = combinedOf(names, label, fold);
  return combined === null ? null : { brand: combined.brand, kind: 'combined' };
}

/**
 * Damerau distance 1, by comparing what is left when one letter is taken from either side (as in SymSpell). The first letter stays:
 * slips and imitations keep it, other words (mobile, online) often differ in just that.
 */
function typoOf(names: Labels, label: string): Label | null {
  if (label.length < SHORTEST_TYPO - 1 || label.length > 24) return null;
  const longer = names.oneLess.get(label);
  if (longer !== undefined && label.length >= SHORTEST_TYPO && label[0] === longer.label[0]) return longer;
  for (const shorter of oneLess(label)) {
    const exact = names.plain.get(shorter);
    if (
      exact !== undefined &&
      shorter.length >= SHORTEST_TYPO &&
      exact.brand.commonWord !== true &&
      label[0] === shorter[0]
    )
      return exact;
    const changed = names.oneLess.get(shorter);
    if (
      changed !== undefined &&
      changed.label.length === label.length &&
      label[0] === changed.label[0] &&
      differsOnce(changed.label, label)
    )
      return changed;
  }
  return null;
}

function differsOnce(a: string, b: string): boolean {
  let first = 0;
  while (first < a.length && a[first] === b[first]) first++;
  if (a.slice(first + 1) === b.slice(first + 1)) return true;
  return a[first] === b[first + 1] && a[first + 1] === b[first] && a.slice(first + 2) === b.slice(first + 2);
}

/** `paypal-login`, `amazonverify`, `my-netflix`; without bait words only where the name is long and coined. */
function combinedOf(names: Labels, label: string, fold: string): Label | null {
  const pieces = label.split('-');
  if (pieces.length > 1) {
    for (const piece of pieces) {
      const hit = names.plain.get(piece) ?? names.folded.get(folded(piece));
      if (hit === undefined) continue;
      const others = pieces.filter((other) => other !== piece);
      if (
        others.some((other) => BAIT.test(other)) ||
        (hit.brand.commonWord !== true && hit.label.length >= SHORTEST_TYPO)
      )
        return hit;
    }
  }
  if (fold.length !== label.length) return null;
  for (let length = Math.min(fold.length - 2, 20); length >= SHORTEST_COMBINED; length--) {
    const front = names.folded.get(fold.slice(0, length));
    if (front !== undefined && (isLong(front) || BAIT.test(label.slice(length).replace(/^-+/, '')))) return front;
    const back = names.folded.get(fold.slice(-length));
    if (back !== undefined && (isLong(back) || BAIT.test(label.slice(0, label.length - length).replace(/-+$/, ''))))
      return back;
  }
  return null;
}

function isLong({ label, brand }: Label): boolean {
  return label.length >= LONG_NAME && brand.commonWord !== true;
}

/** What follows a brand's name where a whole domain of theirs is copied: dhl.de.example.net. */
const SUFFIX_LIKE = new Set([
  'com',
  'net',
  'org',
  'co',
  'de',
  'fr',
  'it',
  'es',
  'uk',
  'nl',
  'br',
  'us',
  'ca',
  'au',
  'ch',
  'at',
  'jp',
  'in',
]);

/** Under a stranger's domain any label that is a brand's name says more than a typo would. */
function inSubdomain(names: Labels, label: string, next: string): Label | null {
  const pieces = label.split('-');
  for (const piece of pieces) {
    const hit = names.plain.get(piece);
    if (hit === undefined) continue;
    const clear = hit.brand.commonWord !== true && hit.label.length >= SHORTEST_COMBINED;
    if (clear || SUFFIX_LIKE.has(next)) return hit;
    if (pieces.length > 1 && pieces.some((other) => other !== piece && BAIT.test(other))) return hit;
  }
  return null;
}
