import { domainToUnicode } from 'node:url';
import { isIpAddress } from '../../mail/domains.js';
import { skeleton } from '../brands/skeleton.js';
import { factScanner } from '../fact-scanner.js';
import { isRandomLooking } from '../lexical/random-looking.js';
import { isAmong } from '../model/infrastructure.js';
import { isFreeHosting, isObjectStorage } from './hosts/hosts.js';
import { strongestOf } from './strongest.js';
import type { Observation } from './strongest.js';
import { targetsOf } from './targets.js';
import type { Target } from './targets.js';

const MOST_LABELS = 4;
const LONGEST_HOST = 60;
const USUAL_PORTS = new Set(['', '80', '443', '8080', '8443']);

/** What the name of a site looks like. */
export const hostForms = factScanner('urls', 'host-forms', (message, { tenant }) => {
  const targets = targetsOf(message, tenant);
  if (targets.length === 0) return [];
  return [
    ...strongestOf('urls.ip-host', targets, ({ host }) =>
      isIpAddress(host) ? { evidence: `opens ${host}, a bare address instead of a name` } : null,
    ),
    ...strongestOf('urls.mixed-script-host', targets, mixedScript),
    ...strongestOf('urls.many-subdomains', targets, manySubdomains),
    ...strongestOf('urls.cheap-suffix', targets, ({ domain, ofSender }) =>
      domain !== '' && isAmong('cheapSuffixes', domain)
        ? { evidence: `opens ${domain}`, strength: ofSender ? 0.5 : 1 }
        : null,
    ),
    ...strongestOf('urls.random-host', targets, randomHost),
    ...strongestOf('urls.odd-port', targets, ({ url }) =>
      USUAL_PORTS.has(url.port) ? null : { evidence: `opens ${url.host}, port ${url.port}` },
    ),
    ...strongestOf('urls.unencrypted', targets, ({ url, tracker }) =>
      url.protocol === 'http:' && !tracker ? { evidence: `opens ${url.host} without encryption` } : null,
    ),
  ];
});

function mixedScript({ host }: Target): Observation | null {
  if (!host.includes('xn--')) return null;
  const unicode = domainToUnicode(host);
  for (const label of unicode.split('.')) {
    if (/^[\p{ASCII}]*$/u.test(label)) continue;
    const plain = skeleton(label);
    const deceptive = /^[\p{ASCII}]+$/u.test(plain) && /[^\p{Script=Latin}\p{N}\p{P}\p{M}]/u.test(label);
    const mixed = /\p{Script=Latin}/u.test(label) && /[\p{Script=Cyrillic}\p{Script=Greek}]/u.test(label);
    if (deceptive || mixed) return { evidence: `opens ${host}, shown as ${unicode}, which reads like “${plain}”` };
  }
  return null;
}

function manySubdomains({ host, domain, tracker }: Target): Observation | null {
  if (tracker || domain === '' || host === domain || isObjectStorage(host)) return null;
  const above = host.slice(0, -domain.length - 1).split('.').length;
  if (above < MOST_LABELS && host.length <= LONGEST_HOST) return null;
  return {
    evidence: `${host} hides its owner ${domain} at the end of a long name`,
    strength: above >= MOST_LABELS ? 1 : 0.6,
  };
}

function randomHost({ host, domain, tracker }: Target): Observation | null {
  if (tracker || domain === '') return null;
  const label = domain.split('.')[0] ?? '';
  if (isRandomLooking(label)) return { evidence: `the name of ${domain} looks made up by a program` };
  const first = host === domain || isFreeHosting(host) ? '' : (host.split('.')[0] ?? '');
  return isRandomLooking(first) ? { evidence: `the name of ${host} looks made up by a program`, strength: 0.4 } : null;
}
