import type { Link } from '../../../mail/message.js';
import { organisation, squash, type Facts } from '../facts.js';
import { isAmong, suffixClass } from '../infrastructure.js';
import { bin, labelShape } from './sender.js';

const LEAVE =
  /unsubscri|opt-?out|abmeld|abbestell|austragen|d[ée]sabonn|d[ée]sinscri|darse de baja|cancelar (?:la )?suscri|descadastr|cancelar (?:a )?(?:inscri|assinatura)|disiscri|annulla iscri|afmeld|uitschrijv|wypisz|rezygn|abonelikten|отписа|配信停止|退订|取消訂閱|avregistrer|afmeld|avsluta|odhl[aá]s/i;
const MANAGE =
  /preferences|einstellungen|pr[ée]f[ée]rences|preferencias|view (?:it |this )?(?:email )?in (?:your )?browser|im browser|navigateur|navegador/i;

/** Where it leads: whose the links are, what they look like, and whether they belong to the sender. */
export function linkTraits(facts: Facts): string[] {
  const { links, linkOrgs, fromOrg, message } = facts;
  const traits = [`links=${bin(links.length, [0, 1, 2, 4, 9, 25])}`, `links.own=${ownShare(facts)}`];
  if (links.length === 0) return [...traits, `mailto=${mailto(facts)}`];
  const main = mainLink(links);
  const targets = new Set(links.map(({ href }) => href));
  traits.push(
    `links.orgs=${bin(linkOrgs.size, [1, 2, 3, 5, 9])}`,
    `links.repeat=${links.length > 2 && targets.size === 1 ? 'all-one' : bin(links.length / targets.size, [1, 1.5, 2, 4])}`,
    `links.leave=${links.some(({ text, url }) => LEAVE.test(text) || LEAVE.test(url))}`,
    `links.manage=${links.some(({ text }) => MANAGE.test(text))}`,
    `links.public=${links.some(({ host }) => isAmong('publicServices', host))}`,
    `links.http=${share(links.filter(({ scheme }) => scheme === 'http').length, links.length)}`,
    `links.in-text=${linkLabelInText(facts, main)}`,
    `mailto=${mailto(facts)}`,
  );
  if (main !== undefined) traits.push(...mainLinkTraits(main, fromOrg));
  if (message.links.some(({ origin }) => origin === 'qr')) traits.push('links.qr=true');
  const labels = links.filter(({ text }) => /^\s*(?:https?:\/\/|www\.)/i.test(text));
  if (labels.length > 0) traits.push(`links.written=${labels.every(writesItsHost)}`);
  return traits;
}

/** How many of the links belong to the sender's own domain, public services (social media, app stores) left aside. */
export function ownShare({ linkOrgs, fromOrg }: Facts): string {
  let own = 0;
  let all = 0;
  for (const [org, count] of linkOrgs) {
    if (org === fromOrg) own += count;
    if (org === fromOrg || !isAmong('publicServices', org)) all += count;
  }
  return all === 0 ? (linkOrgs.size === 0 ? 'no-links' : 'public-only') : share(own, all);
}

/** The link the message is about: the most frequent target with words on it, neither leaving nor settings. */
export function mainLink(links: readonly Link[]): Link | undefined {
  const counts = new Map<string, number>();
  let best: Link | undefined;
  let most = 0;
  for (const link of links) {
    if (LEAVE.test(link.text) || LEAVE.test(link.url) || isAmong('publicServices', link.host)) continue;
    const count = (counts.get(link.host) ?? 0) + 1;
    counts.set(link.host, count);
    if (count > most) {
      most = count;
      best ??= link;
      if (best.host !== link.host) best = link;
    }
  }
  return best ?? links[0];
}

export function targetKind(link: Link | undefined, fromOrg: string): string {
  if (link === undefined) return 'none';
  const { host } = link;
  if (link.domain === fromOrg && fromOrg !== '') return 'own';
  if (isAmong('shorteners', host)) return 'shortener';
  if (isAmong('freeHosting', host)) return 'free-hosting';
  if (isAmong('mailServices', host)) return 'mail-service';
  if (link.domain === '') return 'address';
  if (isAmong('publicServices', host)) return 'public';
  return suffixClass(host) === 'cheap' ? 'cheap' : 'foreign';
}

function mainLinkTraits(link: Link, fromOrg: string): string[] {
  const { path, query, fragment } = pieces(link.href ?? link.url);
  const org = link.domain === '' ? link.host : link.domain;
  return [
    `main.kind=${targetKind(link, fromOrg)}`,
    `main.suffix=${suffixClass(link.host)}`,
    `main.label=${labelShape(org.split('.')[0] ?? '')}`,
    `main.depth=${Math.min(4, link.host.split('.').length - org.split('.').length)}`,
    `main.path=${pathShape(path)}`,
    `main.query=${queryShape(query)}`,
    `main.fragment=${fragment === '' ? 'none' : fragment.length > 12 ? 'long' : 'short'}`,
    `main.length=${bin(link.url.length, [30, 60, 100, 180, 400])}`,
    `main.text=${bin(link.text.length, [0, 3, 12, 25, 60])}`,
    `main.address=${/%40|@[a-z0-9-]+\.[a-z]/i.test(`${path}${query}${fragment}`)}`,
    `main.scheme=${link.scheme}`,
  ];
}

function pathShape(path: string): string {
  if (path === '' || path === '/') return 'root';
  if (/\.php\b/i.test(path)) return 'php';
  if (/\.(?:html?|aspx?|jsp|cgi)\b/i.test(path)) return 'page';
  if (/wp-(?:content|includes|admin)|\.well-known|cgi-bin/i.test(path)) return 'site-internals';
  const longest = Math.max(...path.split('/').map((piece) => piece.length));
  if (longest > 60) return 'huge-token';
  if (longest > 24) return 'token';
  if (/\/[A-Za-z0-9]{5,12}$/.test(path) && /\d/.test(path) && /[A-Z]/.test(path)) return 'code';
  return path.split('/').length > 4 ? 'deep' : 'words';
}

function queryShape(query: string): string {
  if (query === '') return 'none';
  if (/utm_/.test(query)) return 'utm';
  if (/(?:^|[?&])(?:url|u|q|link|redirect|dest|goto|target|r|adurl)=(?:https?|%68|http)/i.test(query))
    return 'redirect';
  if (/token|code|key|sig|hash|otp|flow|nonce/i.test(query)) return 'token';
  return query.length > 120 ? 'huge' : query.includes('&') ? 'several' : query.includes('=') ? 'one' : 'bare';
}

/** Whether the name of the linked site stands in the message. */
function linkLabelInText({ squashed, subjectSquashed, nameKey }: Facts, link: Link | undefined): string {
  const label = squash(link?.domain.split('.')[0] ?? '');
  if (label.length < 4) return 'short';
  return squashed.includes(label) || subjectSquashed.includes(label) || nameKey.includes(label) ? 'yes' : 'no';
}

function mailto({ message, fromOrg }: Facts): string {
  const addresses = message.links.filter(({ scheme, origin }) => scheme === 'mailto' && origin !== 'text');
  if (addresses.length === 0) return 'none';
  const own = addresses.some(
    ({ url }) => organisation(url.split('@')[1]?.split(/[?>]/)[0]?.toLowerCase() ?? '') === fromOrg,
  );
  return own ? 'own' : 'other';
}

function writesItsHost({ text, host }: Link): boolean {
  const written = /^\s*(?:https?:\/\/)?([^/\s?#:]+)/i.exec(text)?.[1]?.toLowerCase() ?? '';
  return organisation(written) === organisation(host);
}

function pieces(href: string): { path: string; query: string; fragment: string } {
  const match = /^[a-z]+:\/\/[^/?#]*([^?#]*)(\?[^#]*)?(#.*)?$/is.exec(href.slice(0, 2000));
  return { path: match?.[1] ?? '', query: match?.[2] ?? '', fragment: match?.[3] ?? '' };
}

export function share(part: number, whole: number): string {
  if (whole === 0 || part === 0) return 'none';
  if (part === whole) return 'all';
  return part * 2 >= whole ? 'most' : 'some';
}
