import { registrableDomain } from '../../mail/domains.js';
import { factScanner } from '../fact-scanner.js';
import { isClickTracker, isFreeHosting, isObjectStorage, isShortener } from './hosts/hosts.js';
import { strongestOf } from './strongest.js';
import { targetsOf } from './targets.js';
import type { Target } from './targets.js';

/** A page, not a picture: what a storage bucket should not be asked for in a message. */
const PAGE = /(?:\.html?|\/|\/[^./]+)$/i;

/** Places where anyone can put a page, and ways to hide where a link goes. */
export const places = factScanner('urls', 'places', (message, { tenant }) => {
  const targets = targetsOf(message, tenant);
  if (targets.length === 0) return [];
  return [
    ...strongestOf('urls.open-redirect', targets, ({ via, openRedirect, host, domain, ofSender }) => {
      if (via === null || ofSender || isClickTracker(via) || registrableDomain(via) === domain) return null;
      return { evidence: `goes through ${via} to ${host}`, strength: openRedirect ? 1 : 0.4 };
    }),
    ...strongestOf('urls.shortener', targets, ({ host }) =>
      isShortener(host) ? { evidence: `${host} hides where the link leads` } : null,
    ),
    ...strongestOf('urls.cloud-storage-page', targets, storagePage),
    ...strongestOf('urls.free-hosting', targets, ({ host, ofSender, tracker }) =>
      isFreeHosting(host) && !isObjectStorage(host) && !tracker && !ofSender
        ? { evidence: `${host} is a place where anyone can put a page for nothing` }
        : null,
    ),
  ];
});

function storagePage({ host, url, ofSender }: Target): { readonly evidence: string } | null {
  if (ofSender || !isObjectStorage(host) || !PAGE.test(url.pathname)) return null;
  return { evidence: `opens a page in a rented storage space: ${host}${url.pathname.slice(0, 60)}` };
}
