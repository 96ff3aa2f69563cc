import { isIpAddress, registrableDomain, toAsciiHost } from '../../mail/domains.js';
import type { IndicatorFilter, NewScan } from '../../store/store.js';
import type { ScanReport } from './report.js';

/**
 * By what a scan can be found: what its findings name, the sites its links open, its sender's domain, its files, and the message
 * itself. Of links the address is kept where a finding names it; of all others only the site.
 */
export function indicatorsIn({
  findings,
  sha256,
  message,
}: Pick<ScanReport, 'findings' | 'sha256' | 'message'>): NewScan['indicators'] {
  const sender = message.from?.address.split('@').at(-1) ?? '';
  const hashes = [sha256, ...message.attachments.map((attachment) => attachment.sha256)];
  return [
    ...findings.flatMap((finding) => finding.indicators),
    ...[...message.link_sites, sender, registrableDomain(sender)]
      .filter((host) => host !== '')
      .map((value) => ({ kind: isIpAddress(value) ? 'ip' : 'domain', value })),
    ...hashes.map((value) => ({ kind: 'sha256', value })),
  ];
}

export interface IndicatorQuery {
  readonly url?: string | undefined;
  readonly domain?: string | undefined;
  readonly sha256?: string | undefined;
}

/** The query in the form in which indicators are stored; all of it has to fit. */
export function filtersOf({ url, domain, sha256 }: IndicatorQuery): readonly IndicatorFilter[] {
  return [
    ...(url === undefined ? [] : [{ kinds: ['url'], values: urlsMeant(url) }]),
    ...(domain === undefined ? [] : [{ kinds: ['domain', 'ip'], values: [toAsciiHost(domain.trim().toLowerCase())] }]),
    ...(sha256 === undefined ? [] : [{ kinds: ['sha256'], values: [sha256.trim().toLowerCase()] }]),
  ];
}

/** As browsers write it; without a scheme both are meant. */
function urlsMeant(written: string): readonly string[] {
  const text = written.trim();
  const tried = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? [text] : [`https://${text}`, `http://${text}`];
  const canonical = tried.filter((one) => URL.canParse(one)).map((one) => new URL(one).href.slice(0, 2000));
  return [...new Set([text, ...canonical])];
}
