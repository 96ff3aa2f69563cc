import { BRANDS } from '../../src/scanners/brands/brands.js';
import type { Chance } from './random.js';
import { DIGITS, HEX } from './random.js';
import { pickService, type Service } from './services.js';

/** Who sends a made message, and from which corners of the net. */
export interface Sender {
  /** As the text calls it. */
  readonly brand: string;
  readonly domain: string;
  readonly name: string;
  readonly address: string;
  readonly replyTo: string | null;
  readonly mailFrom: string | null;
  readonly helo: string;
  readonly messageId: string;
  readonly results: string;
  /** Where links go: the sender's own site, or a service that counts clicks. */
  readonly link: (path: string) => string;
  /** A link of the frame (home page, social networks): a service that counts mostly counts these as well. */
  readonly outside: (url: string) => string;
  readonly counts: boolean;
  readonly site: string;
  readonly imageBase: string;
}

const FIRST =
  'Alder Amber Anchor Apex Aurora Basalt Birch Blue Bolt Bramble Bright Canal Cedar Chalk Cinder Clear Clover Cobalt Copper Coral Crown Delta Drift Echo Elm Ember Falcon Fern Flint Forge Fox Garnet Glade Golden Granite Harbor Hazel Heron High Indigo Iron Ivory Juniper Kestrel Lark Linden Lumen Maple Marble Meadow Mint Moss North Oak Olive Onyx Opal Orchard Osprey Pebble Pine Plum Polar Prism Quartz Quill Raven Reed River Robin Rowan Saffron Sage Silver Slate Solar Sparrow Spruce Stone Storm Summit Swift Tamar Teal Thistle Tide Timber Umber Velvet Violet Wander Willow Winter Zephyr Alpen Blau Berg Stern Wald Nord Casa Sol Luna Verde Porto Vila Terra Rio Mare Bella Ciel Clair Maison Jardin Fleur Huis Zon Water Groen Molen Dom Las Zielony'.split(
    ' ',
  );
const SECOND =
  'Bank Books Cart Cloud Coffee Collective Craft Desk Digital Energy Fashion Field Fit Foods Garden Goods Group Health Home House Hub Insurance Journal Kitchen Lab Labs Learn Ledger Logistics Market Media Mobile Music Notes Outdoor Pay Pets Pharmacy Pixel Post Press Print Rail Sports Store Studio Supply Systems Tech Telecom Tickets Tools Toys Travel Verlag Versand Haus Hof Reisen Energie Apotheke Moda Libros Viajes Loja Moveis Seguros Voyages Cuisine Boutique Winkel Fietsen Boeken Sklep Dom Tours Works Yard'.split(
    ' ',
  );
const SUFFIXES: Readonly<Record<string, readonly string[]>> = {
  de: ['de', 'de', 'com', 'at', 'ch', 'eu'],
  nl: ['nl', 'nl', 'be', 'com'],
  pt: ['com.br', 'com.br', 'pt', 'com'],
  es: ['es', 'com', 'com.mx', 'com.ar', 'cl'],
  fr: ['fr', 'fr', 'com', 'be', 'ca'],
  it: ['it', 'it', 'com'],
  pl: ['pl', 'pl', 'com'],
  ru: ['ru', 'ru', 'com'],
  tr: ['com.tr', 'com'],
  ja: ['co.jp', 'jp', 'com'],
  zh: ['com', 'cn', 'com.tw', 'hk'],
  sv: ['se', 'com'],
  en: ['com', 'com', 'co.uk', 'org', 'io', 'net', 'com.au', 'ca', 'app', 'shop', 'co', 'ie', 'online', 'in'],
};
const ROLES =
  'noreply no-reply info support hello team service news newsletter notifications accounts billing orders shop mail updates kontakt contact office post'.split(
    ' ',
  );
const PEOPLE =
  'Anna Berg|Jan de Vries|Maria Silva|Tom Harris|Léa Morel|Piotr Nowak|Elif Demir|Yuki Tanaka|Carmen Ruiz|Luca Conti|Sofia Lind|David Miller'.split(
    '|',
  );

export function makeSender(chance: Chance, language: string, personal: boolean): Sender {
  const kind = personal
    ? 'person'
    : chance.weighted([
        [0.72, 'company'],
        [0.16, 'known-brand'],
        [0.08, 'person'],
        [0.08, 'odd'],
      ] as const);
  const { brand, domain } = kind === 'known-brand' ? knownBrand(chance) : company(chance, language, kind === 'odd');
  const free = kind === 'person' && chance.maybe(personal ? 0.5 : 0.15);
  const fromDomain = free
    ? chance.pick(FREE)
    : chance.maybe(0.25)
      ? `${chance.pick(['mail', 'e', 'news', 'email', 'info', 'service', 'm', 'send'])}.${domain}`
      : domain;
  const person = chance.pick(PEOPLE);
  const local =
    kind === 'person'
      ? person
          .normalize('NFD')
          .toLowerCase()
          .replace(/[^a-z]+/g, '.')
      : chance.pick(ROLES);
  const address = `${local}@${fromDomain}`;
  const route = free
    ? mailboxRoute(chance, address, fromDomain)
    : companyRoute(chance, domain, fromDomain, kind === 'known-brand');
  return {
    brand,
    domain,
    name: displayName(chance, kind, brand, person),
    address,
    replyTo: chance.maybe(0.3) ? replyTo(chance, domain, brand, kind === 'known-brand') : null,
    ...route,
    ...site(chance, domain, route.service),
  };
}

const FREE = [
  'gmail.com',
  'outlook.com',
  'gmx.de',
  'web.de',
  'yahoo.com',
  'hotmail.com',
  'icloud.com',
  'ziggo.nl',
  'orange.fr',
  'uol.com.br',
  'libero.it',
  'wp.pl',
  'mail.ru',
];

/** A domain of some other company. */
export function companyDomain(chance: Chance): string {
  return company(chance, 'en', chance.maybe(0.2)).domain;
}

function company(chance: Chance, language: string, odd: boolean): { brand: string; domain: string } {
  const words = [chance.pick(FIRST), chance.pick(SECOND)];
  const suffix = chance.pick(SUFFIXES[language.slice(0, 2)] ?? SUFFIXES['en'] ?? ['com']);
  const brand = words.join(chance.maybe(0.6) ? ' ' : '');
  if (!odd) {
    const label = words.join(chance.maybe(0.2) ? '-' : '').toLowerCase();
    return { brand, domain: `${chance.maybe(0.08) ? chance.pick(['get', 'my', 'the', 'try']) : ''}${label}.${suffix}` };
  }
  // Group companies, agencies and abbreviations: the domain says nothing of the name.
  const label = chance.weighted([
    [
      1,
      `${words.map((word) => word.charAt(0)).join('')}${chance.pick(['ag', 'gmbh', 'grp', 'svc', '24', 'online'])}`.toLowerCase(),
    ],
    [1, `${chance.pick(FIRST)}${chance.pick(SECOND)}`.toLowerCase()],
    [
      0.5,
      `${chance.pick(['mail', 'notify', 'sys', 'app', 'crm'])}${chance.code(2, DIGITS)}-${chance.pick(SECOND).toLowerCase()}`,
    ],
  ]);
  return { brand, domain: `${label}.${suffix}` };
}

function knownBrand(chance: Chance): { brand: string; domain: string } {
  const owner = chance.pick(BRANDS);
  const domain = chance
    .pick(owner.domains)
    .replace('.*', chance.pick(['.de', '.fr', '.com', '.co.uk', '.es', '.nl', '.it']));
  return { brand: chance.maybe(0.8) ? owner.name : chance.pick([owner.name, ...owner.aliases]), domain };
}

function displayName(chance: Chance, kind: string, brand: string, person: string): string {
  if (kind === 'person') return chance.maybe(0.8) ? person : `${person} (${brand})`;
  return chance.weighted([
    [6, brand],
    [1, `${brand} Team`],
    [1, `${person} from ${brand}`],
    [0.7, `${brand} Support`],
    [0.5, `${brand} Newsletter`],
    [0.4, `"${brand}"`],
    [0.4, person],
    [0.3, ''],
  ]);
}

function replyTo(chance: Chance, domain: string, brand: string, large: boolean): string {
  if (large) return `${chance.pick(['support', 'hello', 'service', 'info'])}@${domain}`;
  return chance.weighted([
    [6, `${chance.pick(['support', 'hello', 'service', 'info'])}@${domain}`],
    [1.5, `${brand.toLowerCase().replace(/[^a-z]/g, '')}@${chance.pick(FREE)}`],
    [
      1.5,
      `${chance.code(12, HEX)}@reply.${chance.pick(['zendesk.com', 'intercom-mail.com', 'freshdesk.com', 'hubspot.com'])}`,
    ],
    [1, `support@${chance.pick(FIRST).toLowerCase()}${chance.pick(SECOND).toLowerCase()}.com`],
  ]);
}

type Route = Pick<Sender, 'mailFrom' | 'helo' | 'messageId' | 'results'> & {
  readonly service: Pick<Service, 'counts' | 'counted'>;
};

function companyRoute(chance: Chance, domain: string, from: string, large: boolean): Route {
  const service = pickService(chance, { domain, from }, large);
  return {
    service,
    mailFrom: chance.maybe(0.15) ? null : service.mailFrom,
    helo: chance.maybe(0.06) ? 'relay.corp.example' : service.helo,
    messageId: `${chance.code(18)}@${service.id}`,
    results: results(chance, domain, from, service.mailFrom.split('@')[1] ?? domain),
  };
}

function mailboxRoute(chance: Chance, address: string, host: string): Route {
  return {
    service: { counts: 0, counted: (where, path) => `https://${where}${path}` },
    mailFrom: address,
    helo: host === 'gmail.com' ? 'mail-lf1-f41.google.com' : `out${chance.below(20)}.${host}`,
    messageId: `${chance.code(20)}@${host === 'gmail.com' ? 'mail.gmail.com' : host}`,
    results: `spf=pass smtp.mailfrom=${host}; dkim=pass header.d=${host}; dmarc=pass header.from=${host}`,
  };
}

/** Most senders have their records right; forwarding, missing records and half-done set-ups are part of life. */
function results(chance: Chance, domain: string, from: string, mailFrom: string): string {
  const [spf, dkim, dmarc] = chance.weighted<readonly [string, string, string]>([
    [70, ['pass', 'pass', 'pass']],
    [6, ['softfail', 'pass', 'pass']],
    [3, ['neutral', 'pass', 'pass']],
    [2, ['fail', 'pass', 'pass']],
    [6, ['pass', 'pass', 'none']],
    [4, ['pass', 'none', 'none']],
    [2, ['pass', 'none', 'pass']],
    [1, ['none', 'pass', 'none']],
    [1.5, ['none', 'none', 'none']],
    [1.5, ['pass', 'fail', 'pass']],
    [2, ['pass', 'pass', '']],
    [1, ['', '', '']],
  ]);
  const parts = [];
  if (spf !== '') parts.push(`spf=${spf} smtp.mailfrom=${mailFrom}`);
  if (dkim !== '')
    parts.push(
      dkim === 'none'
        ? 'dkim=none'
        : `dkim=${dkim} header.d=${dmarc === 'none' && chance.maybe(0.5) ? mailFrom : chance.pick([domain, from])}`,
    );
  if (dmarc !== '') parts.push(`dmarc=${dmarc} header.from=${from}`);
  return parts.join('; ');
}

function site(
  chance: Chance,
  domain: string,
  service: Route['service'],
): Pick<Sender, 'link' | 'outside' | 'counts' | 'site' | 'imageBase'> {
  const host = chance.pick(['www.', 'www.', 'app.', 'my.', 'account.', 'shop.', '']) + domain;
  const scheme = chance.maybe(0.06) ? 'http' : 'https';
  const own = (path: string): string => `${scheme}://${host}${path}`;
  const redirect = (path: string): string =>
    `https://www.${domain}/gp/r.html?C=${chance.code(14)}&M=urn:rtn:msg:${chance.code(16, DIGITS)}&T=C&U=${encodeURIComponent(own(path))}&H=${chance.code(24)}`;
  const unencrypted = (): string =>
    `http://${chance.pick(['links', 'click', 'r', 't'])}.${domain}/els/v2/${chance.code(24)}/${chance.code(30, TOKEN)}`;
  const ownCounter = chance.weighted([
    [8, undefined],
    [1, redirect],
    [1, unencrypted],
  ]);
  const counts = chance.maybe(service.counts);
  const shortener = chance.pick(['bit.ly', 'tinyurl.com', 't.ly', 'lnkd.in']);
  const short = chance.maybe(0.03) ? (): string => `https://${shortener}/${chance.code(7)}` : undefined;
  const everywhere = counts && chance.maybe(0.85);
  return {
    counts,
    link: (path) => short?.() ?? (counts ? service.counted(host, path) : (ownCounter?.(path) ?? own(path))),
    outside: (url) => {
      const [, where = '', path = ''] = /^https?:\/\/([^/]+)(.*)$/.exec(url) ?? [];
      return everywhere ? service.counted(where, path) : url;
    },
    site: `${scheme}://${host}`,
    imageBase: chance.weighted([
      [4, `https://${chance.pick(['cdn', 'static', 'img', 'assets', 'images'])}.${domain}`],
      [1, 'https://mcusercontent.com/4a5b6c7d8e9f/images'],
      [1, `https://${chance.code(13, HEX)}.cloudfront.net`],
      [1, 'https://res.cloudinary.com/demo/image/upload'],
      [1, `https://${domain}/media`],
    ]),
  };
}

const TOKEN = `${HEX}ABCDEFXYZuvw-_`;
