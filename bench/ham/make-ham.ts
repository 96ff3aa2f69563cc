import { footerWords } from './footers.js';
import type { Content, Offer } from './layout.js';
import { LAYOUTS, PEOPLES_LAYOUTS } from './layouts.js';
import { BASE62, createChance, DIGITS, HEX, type Chance } from './random.js';
import { companyDomain, makeSender, type Sender } from './senders.js';
import { vary } from './vary.js';
import type { HamText } from './texts.js';

export interface MadeMessage {
  readonly raw: Uint8Array;
  readonly source: string;
  readonly language: string;
  readonly kind: string;
}

/** One legitimate message as it would arrive: the text dressed by a sender, a layout and a route that chance picks; `others` are texts in the same language. */
export function makeHam(text: HamText, seed: number, others: readonly HamText[] = []): MadeMessage {
  const chance = createChance(seed);
  const sender = makeSender(chance, text.language, text.kind === 'letter');
  const fill = slots(chance, sender, text.language);
  const content = arrange(text, others, sender, chance, fill);
  const body = bodyOf(content, chance, text.kind);
  const raw = new TextEncoder().encode([...headers(sender, content.subject, chance), ...body].join('\r\n'));
  return { raw, source: madeSource(text), language: text.language, kind: text.kind };
}

/** What the messages made of a text are counted under. */
export function madeSource({ source }: HamText): string {
  return `made-${source}`;
}

const NAMES = 'Anna Tom Maria Jan Lena Paul Sofia Marco Elena David Julia Pedro Camille Piotr Elif'.split(' ');

function slots(chance: Chance, sender: Sender, language: string): (text: string) => string {
  const day = 1 + chance.below(28);
  const month = 1 + chance.below(12);
  const year = 2019 + chance.below(8);
  const values: Readonly<Record<string, string>> = {
    brand: sender.brand,
    domain: sender.domain,
    site: sender.site,
    url: sender.link(`/confirm?token=${chance.code(32)}`),
    name: chance.pick(NAMES),
    order: chance.weighted([
      [2, chance.code(8, DIGITS)],
      [1, `${year}-${chance.code(5, DIGITS)}`],
      [1, `A-${chance.code(6, DIGITS)}`],
    ]),
    tracking: chance.pick([
      chance.code(12, DIGITS),
      `JJD${chance.code(15, DIGITS)}`,
      `${chance.code(2, 'ABCDEFGHJKLMNPRSTUVWXYZ')}${chance.code(9, DIGITS)}DE`,
    ]),
    otp: chance.code(6, DIGITS),
    date: chance.pick([
      `${day}.${month}.${year}`,
      `${day}/${month}/${year}`,
      `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`,
    ]),
    amount: price(language, chance),
    carrier: chance.pick([
      'DHL',
      'UPS',
      'DPD',
      'GLS',
      'FedEx',
      'PostNL',
      'Hermes',
      'Correos',
      'Correios',
      'La Poste',
      'InPost',
      'Royal Mail',
    ]),
    email: 'rcpt@corp.example',
    title: `${chance.pick(['On', 'About', 'Notes on'])} ${chance.pick(['gardens', 'trains', 'tax', 'maps', 'bread', 'sleep'])}`,
  };
  return (text) => text.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}

function price(language: string, chance: Chance): string {
  const amount = `${1 + chance.below(300)}${/^(?:de|fr|nl|es|it|pt|pl|tr|ru|sv)/.test(language) ? ',' : '.'}${chance.code(2, DIGITS)}`;
  if (language.startsWith('pt')) return `R$ ${amount}`;
  if (language.startsWith('pl')) return `${amount} zł`;
  if (language.startsWith('ru')) return `${amount} ₽`;
  if (language.startsWith('ja')) return `${chance.code(4, '123456789')}円`;
  if (language.startsWith('zh')) return `¥${amount}`;
  if (language.startsWith('en')) return chance.pick([`$${amount}`, `£${amount}`, `€${amount}`, `EUR ${amount}`]);
  return chance.pick([`${amount} €`, `${amount} EUR`, `€ ${amount}`]);
}

function arrange(
  text: HamText,
  others: readonly HamText[],
  sender: Sender,
  chance: Chance,
  fill: (text: string) => string,
): Content {
  const words = footerWords(text.language);
  const bulk = ['marketing', 'newsletter', 'survey', 'contest', 'invitation', 'job', 'welcome'].includes(text.kind);
  const trade = bulk || ['order', 'shipping', 'invoice', 'receipt'].includes(text.kind);
  const path = `/${chance.pick(['account', 'orders', 'verify', 'reset', 'c', 'portal', 'track', 'login', 'n'])}${chance.pick(['', `/${chance.code(10)}`, `?token=${chance.code(40)}`, `?id=${chance.code(8, DIGITS)}&utm_source=email`])}`;
  const footerLinks = [];
  if (bulk || chance.maybe(0.25))
    footerLinks.push({ text: words.leave, url: sender.link(`/unsubscribe/${chance.code(16)}`) });
  if (chance.maybe(0.4)) footerLinks.push({ text: words.privacy, url: sender.outside(`${sender.site}/privacy`) });
  if (bulk && chance.maybe(0.5)) footerLinks.push({ text: words.online, url: sender.link(`/view/${chance.code(12)}`) });
  if (chance.maybe(0.3)) {
    const account = sender.domain.split('.')[0] ?? '';
    for (const host of ['www.facebook.com', 'www.instagram.com', 'x.com', 'www.linkedin.com/company'].slice(
      chance.below(3),
    )) {
      footerLinks.push({ text: host.split('.')[1] ?? 'X', url: sender.outside(`https://${host}/${account}`) });
    }
  }
  // Reviews, maps, a shop system's or a payment service's page: much company mail links to one or two others.
  for (let left = chance.maybe(0.25) ? 1 + chance.below(2) : 0; left > 0; left--) {
    const { text: name, url } = elsewhere(sender, chance);
    footerLinks.push({ text: name, url: sender.outside(url) });
  }
  const footer = [`${sender.brand}${chance.maybe(0.4) ? ` · ${chance.pick(STREETS)}` : ''}`];
  if (chance.maybe(0.5)) footer.push(words.why);
  if (chance.maybe(0.3)) footer.push(`© ${2019 + chance.below(8)} ${sender.brand}`);
  return {
    language: text.language.slice(0, 2),
    subject: fill(text.subject),
    brand: sender.brand,
    paragraphs: text.paragraphs.map(fill),
    others: Array.from({ length: Math.min(4, others.length) }, () => chance.pick(others)).flatMap(({ paragraphs }) =>
      paragraphs.map(fill),
    ),
    offers: trade && chance.maybe(0.6) ? offers(text.language, sender, chance) : [],
    button: text.button === '' ? null : { text: fill(text.button), url: sender.link(path) },
    image: (name) => `${sender.imageBase}/${chance.code(6, HEX)}/${name}`,
    link: () => sender.link(`/${chance.pick(['p', 'shop', 'help', 'deals'])}/${chance.code(8)}`),
    footer,
    footerLinks,
    home: sender.outside(sender.site),
    pixel: chance.maybe(sender.counts ? 0.85 : 0.2) ? sender.link(`/open/${chance.code(20)}.gif`) : null,
  };
}

const ELSEWHERE = [
  ['Trustpilot', 'https://www.trustpilot.com/evaluate'],
  ['Google Maps', 'https://maps.app.goo.gl'],
  ['Shopify', 'https://www.shopify.com/email'],
  ['WooCommerce', 'https://woocommerce.com'],
  ['PayPal', 'https://www.paypal.com/help'],
  ['Zendesk', 'https://www.zendesk.com/brand'],
  ['WhatsApp', 'https://wa.me'],
  ['App Store', 'https://apps.apple.com/app'],
] as const;

/** One of the services everybody knows, or a partner's own site. */
function elsewhere(sender: Sender, chance: Chance): { text: string; url: string } {
  const [name, site] = chance.pick(ELSEWHERE);
  if (chance.maybe(0.5)) return { text: name, url: `${site}/${sender.domain.split('.')[0] ?? ''}` };
  const partner = companyDomain(chance);
  return { text: partner, url: `https://www.${partner}/${chance.code(6).toLowerCase()}` };
}

/** Things for sale, named so that they need no language. */
function offers(language: string, sender: Sender, chance: Chance): Offer[] {
  return Array.from({ length: 1 + chance.below(6) }, () => ({
    name: `${chance.pick(['Nova', 'Aalto', 'Kira', 'Lund', 'Orion', 'Malmo', 'Tessa', 'Vega', 'Capri', 'Delos'])} ${1 + chance.below(900)}`,
    price: price(language, chance),
    discount: chance.maybe(0.45) ? `-${5 * (1 + chance.below(14))} %` : '',
    url: sender.link(`/p/${chance.code(8)}`),
  }));
}

const STREETS = [
  'Marktstraße 14, 34117 Kassel',
  '14 Market Street, Leeds LS1 6DT',
  'Kerkstraat 8, 8011 AX Zwolle',
  '12 rue du Marché, 21000 Dijon',
  'Rua do Mercado 14, Campinas',
  'Calle Mercado 14, Zaragoza',
  '500 Main St, Portland, OR 97204',
  'ul. Rynkowa 14, Poznań',
];

function headers(sender: Sender, subject: string, chance: Chance): string[] {
  const date = new Date(
    Date.UTC(2019 + chance.below(8), chance.below(12), 1 + chance.below(28), chance.below(24), chance.below(60)),
  );
  const stamp = date.toUTCString().replace('GMT', '+0000');
  const lines = [
    `Received: from ${sender.helo} ([${[51 + chance.below(150), chance.below(255), chance.below(255), 1 + chance.below(254)].join('.')}]) by mx.corp.example with ESMTP; ${stamp}`,
    `Date: ${stamp}`,
    `From: ${sender.name === '' ? sender.address : `${encodeWord(sender.name)} <${sender.address}>`}`,
    'To: rcpt@corp.example',
    `Subject: ${encodeWord(subject)}`,
    `Message-ID: <${sender.messageId}>`,
    'MIME-Version: 1.0',
  ];
  if (sender.mailFrom !== null) lines.unshift(`Return-Path: <${sender.mailFrom}>`);
  if (sender.replyTo !== null) lines.push(`Reply-To: ${sender.replyTo}`);
  if (sender.results !== '') lines.push(`Authentication-Results: mx.corp.example; ${sender.results}`);
  return lines;
}

function bodyOf(content: Content, chance: Chance, kind: string): string[] {
  const layout = chance.weighted(kind === 'letter' ? PEOPLES_LAYOUTS : LAYOUTS);
  const html = vary(layout(content, chance), chance);
  const text = part('text/plain', textOf(content, html, chance));
  const page = part('text/html', html);
  const event = kind === 'calendar' ? [part('text/calendar; method=REQUEST', calendarEvent(content, chance))] : [];
  const parts = chance.weighted([
    [0.6, [text, page, ...event]],
    [0.33, [page, ...event]],
    [0.07, [text, ...event]],
  ]);
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  const boundary = `=_${chance.code(24, BASE62)}`;
  return [
    `Content-Type: multipart/alternative; boundary="${boundary}"`,
    '',
    ...parts.flatMap((lines) => [`--${boundary}`, ...lines]),
    `--${boundary}--`,
    '',
  ];
}

function part(type: string, text: string): string[] {
  return [`Content-Type: ${type}; charset=utf-8`, 'Content-Transfer-Encoding: base64', '', base64(text)];
}

function calendarEvent(content: Content, chance: Chance): string {
  const day = `${2019 + chance.below(8)}${String(1 + chance.below(12)).padStart(2, '0')}${String(1 + chance.below(28)).padStart(2, '0')}`;
  return [
    ...['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Example//Calendar//EN', 'METHOD:REQUEST', 'BEGIN:VEVENT'],
    ...[`UID:${chance.code(26)}`, `DTSTAMP:${day}T070000Z`, `DTSTART:${day}T080000Z`, `DTEND:${day}T084500Z`],
    ...[`SUMMARY:${content.subject}`, `URL:${content.button?.url ?? content.home}`, 'END:VEVENT', 'END:VCALENDAR', ''],
  ].join('\r\n');
}

/** The text beside the HTML: written by hand, made of the HTML by a program, or hardly there. */
function textOf(content: Content, html: string, chance: Chance): string {
  const style = chance.weighted([
    [0.45, 'written'],
    [0.15, 'no-links'],
    [0.33, 'converted'],
    [0.07, 'stub'],
  ] as const);
  if (style === 'stub') return `${content.subject}\r\n\r\n${content.button?.url ?? content.home}`;
  if (style === 'converted') return textOfHtml(html);
  const button =
    content.button === null || style === 'no-links' ? [] : [`${content.button.text}: ${content.button.url}`];
  return [...content.paragraphs, ...button, '--', ...content.footer].join('\r\n\r\n');
}

/** As mail services and libraries convert: the target of each link behind its words, tags gone. */
function textOfHtml(html: string): string {
  return html
    .replace(/<(style|title)[^]*?<\/\1>|<!--[^]*?-->/gi, '')
    .replace(/<a [^>]*?href="([^"]*)"[^>]*>([^]*?)<\/a>/gi, '$2 ( $1 )')
    .replace(/<(?:br|\/p|\/td|\/tr|\/div|\/h\d)[^>]*>/gi, '\n')
    .replace(/<[^>]+>/g, '')
    .replace(/&nbsp;|&zwnj;|&shy;|&#\d+;/g, ' ')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, '&')
    .replace(/[ \t]+/g, ' ')
    .replace(/\s*\n\s*/g, '\r\n')
    .trim();
}

function base64(text: string): string {
  return (
    Buffer.from(text, 'utf8')
      .toString('base64')
      .match(/.{1,76}/g) ?? []
  ).join('\r\n');
}

/** RFC 2047, in pieces of at most 45 bytes that never cut a character. */
function encodeWord(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return text;
  const pieces: string[] = [];
  let piece = '';
  for (const character of text) {
    if (Buffer.byteLength(piece + character) > 45) {
      pieces.push(piece);
      piece = '';
    }
    piece += character;
  }
  pieces.push(piece);
  return pieces.map((part) => `=?UTF-8?B?${Buffer.from(part).toString('base64')}?=`).join('\r\n ');
}
