import { BASE62, DIGITS, HEX, type Chance } from './random.js';

/** What a message passes through on its way from a company: its own server, a mailbox provider or a mail service. */
export interface Service {
  readonly mailFrom: string;
  readonly helo: string;
  /** The host in the Message-ID. */
  readonly id: string;
  /** How often links are replaced by counted ones; 0 where there is nobody who would. */
  readonly counts: number;
  /** The link in whose place a reader is counted. */
  readonly counted: (host: string, path: string) => string;
}

interface Company {
  /** Registrable domain of the company. */
  readonly domain: string;
  /** Domain of the From address: the same or one below. */
  readonly from: string;
}

type Make = (chance: Chance, company: Company) => Service;

const TOKEN = `${HEX}ABCDEFXYZuvw-_`;
const uncounted = (host: string, path: string): string => `https://${host}${path}`;
const label = ({ domain }: Company): string => domain.split('.')[0] ?? '';

const own: Make = (chance, { domain, from }) => ({
  mailFrom: chance.maybe(0.7)
    ? `${chance.pick(['noreply', 'bounce', 'www-data', 'mailer'])}@${from}`
    : `bounces+${chance.code(16, HEX)}@bounce.${domain}`,
  helo: `${chance.pick(['mail', 'mx1', 'smtp', 'mta3', 'out', 'web01'])}.${domain}`,
  id: chance.pick([domain, from, `app.${domain}`]),
  counts: 0,
  counted: uncounted,
});

/** A small company's own page on a web host's machine, which calls itself what the web host called it. */
const webHost: Make = (chance, { from }) => {
  const machine = chance.pick([
    `vps-${chance.code(8, HEX)}.vps.ovh.net`,
    `server${chance.below(900)}.web-hosting.com`,
    `static.${chance.below(250)}.${chance.below(250)}.clients.your-server.de`,
    `s${chance.code(4, DIGITS)}.hostgator.com`,
    `srv${chance.below(900)}.hstgr.io`,
    `host${chance.below(99)}.${chance.pick(['strato', 'one', 'aruba', 'home', 'loopia', 'locaweb'])}.${chance.pick(['de', 'com', 'it', 'pl', 'se', 'com.br'])}`,
    `localhost`,
  ]);
  return {
    mailFrom: chance.maybe(0.7)
      ? `${chance.pick(['info', 'shop', 'wordpress', 'noreply'])}@${from}`
      : `${chance.pick(['www-data', 'web', 'apache', 'u48291'])}@${machine}`,
    helo: machine,
    id: chance.pick([machine, from, `${chance.code(8).toLowerCase()}.local`]),
    counts: 0,
    counted: uncounted,
  };
};

const google: Make = (chance, { from }) => ({
  mailFrom: `${chance.pick(['team', 'office', 'noreply'])}@${from}`,
  helo: `mail-wr1-f${chance.below(80)}.google.com`,
  id: 'mail.gmail.com',
  counts: 0,
  counted: uncounted,
});

const microsoft: Make = (chance, { from }) => ({
  mailFrom: `${chance.pick(['team', 'office', 'noreply'])}@${from}`,
  helo: 'EUR05-VI1-obe.outbound.protection.outlook.com',
  id: 'VI1PR04MB5000.eurprd04.prod.outlook.com',
  counts: 0,
  counted: uncounted,
});

const sendgrid: Make = (chance, company) => {
  const host = chance.maybe(0.6)
    ? `u${chance.code(7, DIGITS)}.ct.sendgrid.net`
    : `${chance.pick(['url', 'links', 'email'])}${chance.code(4, DIGITS)}.${company.domain}`;
  return {
    mailFrom: `bounces+${chance.code(7, DIGITS)}-${chance.code(4, HEX)}-rcpt=corp.example@${chance.maybe(0.5) ? 'sendgrid.net' : `em${chance.code(4, DIGITS)}.${company.domain}`}`,
    helo: `o${chance.below(9)}.ptr${chance.below(9999)}.${company.domain}`,
    id: `geopod-ismtpd-${chance.below(60)}`,
    counts: 0.5,
    counted: () => `https://${host}/ls/click?upn=${chance.code(120 + chance.below(200), TOKEN)}`,
  };
};

const ses: Make = (chance, company) => ({
  mailFrom: `01020${chance.code(20, HEX)}-000000@${chance.pick(['amazonses.com', 'eu-west-1.amazonses.com', `mail.${company.domain}`])}`,
  helo: `a${chance.below(20)}-${chance.below(99)}.smtp-out.eu-west-1.amazonses.com`,
  id: 'eu-west-1.amazonses.com',
  counts: 0.25,
  counted: (host, path) =>
    `https://${chance.code(8)}.r.eu-west-1.awstrack.me/L0/https:%2F%2F${host}${encodeURIComponent(path)}/1/${chance.code(60, TOKEN)}`,
});

const mailchimp: Make = (chance, company) => {
  const server = chance.below(20);
  const account = chance.code(25, HEX);
  return {
    mailFrom: `bounce-mc.us${server}_${chance.code(9, DIGITS)}-${chance.code(9, HEX)}@mail${chance.below(99)}.suw${server}.mcsv.net`,
    helo: `mail${chance.below(99)}.suw${server}.mcsv.net`,
    id: `mail${chance.below(99)}.suw11.mcsv.net`,
    counts: 0.9,
    counted: () =>
      `https://${label(company)}.us${server}.list-manage.com/track/click?u=${account}&id=${chance.code(10, HEX)}&e=${chance.code(10, HEX)}`,
  };
};

const mandrill: Make = (chance, company) => ({
  mailFrom: `bounce-md_${chance.code(8, DIGITS)}.${chance.code(8, HEX)}.v1-${chance.code(32, HEX)}@${chance.pick(['mandrillapp.com', `mail.${company.domain}`])}`,
  helo: `mail${chance.below(200)}-${chance.below(30)}.atl71.mandrillapp.com`,
  id: 'mandrillapp.com',
  counts: 0.5,
  counted: (host) =>
    `https://mandrillapp.com/track/click/${chance.code(8, DIGITS)}/${host}?p=eyJ${chance.code(180, BASE62)}`,
});

const mailgun: Make = (chance, { domain }) => {
  const host = `email.${chance.pick(['mg.', 'mail.', ''])}${domain}`;
  return {
    mailFrom: `bounce+${chance.code(16, HEX)}-rcpt=corp.example@mg.${domain}`,
    helo: `m${chance.below(99)}-${chance.below(99)}.mailgun.net`,
    id: `mg.${domain}`,
    counts: 0.5,
    counted: () => `https://${host}/c/eJ${chance.code(140, TOKEN)}`,
  };
};

const brevo: Make = (chance) => {
  const shard = chance.code(2, HEX);
  const host = `${chance.code(5).toLowerCase()}.r.${chance.pick(['a', 'bh', 'sp1-brevo'])}.d.sendibm1.com`;
  return {
    mailFrom: `bounces-${chance.code(8, DIGITS)}-rcpt=corp.example@${shard}.d.mailin.fr`,
    helo: `${shard}.d.mailin.fr`,
    id: 'smtp-relay.mailin.fr',
    counts: 0.7,
    counted: () => `https://${host}/mk/cl/f/sh/${chance.code(60, TOKEN)}/${chance.code(12, TOKEN)}`,
  };
};

const salesforce: Make = (chance, { domain }) => ({
  mailFrom: `bounce-${chance.code(9, DIGITS)}_HTML-${chance.code(9, DIGITS)}@bounce.e.${domain}`,
  helo: `mta${chance.below(9)}.e.${domain}`,
  id: chance.pick([`e.${domain}`, `xt.local`]),
  counts: 0.9,
  counted: () => `https://click.e.${domain}/?qs=${chance.code(80, HEX)}`,
});

const hubspot: Make = (chance, { domain }) => {
  const host = chance.pick([
    `${chance.code(7).toLowerCase()}.eu1.hubspotlinks.com`,
    `hs-${chance.code(7, DIGITS)}.s.hubspotemail.net`,
    `email.${domain}`,
  ]);
  return {
    mailFrom: `1a${chance.code(30).toLowerCase()}@bf${chance.below(30)}.eu1.hubspotemail.net`,
    helo: `bid${chance.below(30)}.eu1.hubspotemail.net`,
    id: 'api.eu1.hubspot.com',
    counts: 0.9,
    counted: () => `https://${host}/Ctc/${chance.code(2)}+${chance.code(6)}/${chance.code(90 + chance.below(200))}`,
  };
};

const klaviyo: Make = (chance, { domain }) => {
  const host = chance.pick(['ctrk.klclick.com', 'ctrk.klclick1.com', 'ctrk.klclick2.com', `trk.${domain}`]);
  return {
    mailFrom: `bounces+${chance.code(8, DIGITS)}-${chance.code(4, HEX)}-rcpt=corp.example@${chance.pick(['klaviyomail.com', `send.${domain}`])}`,
    helo: `o${chance.below(99)}.${chance.pick(['e.klaviyomail.com', `send.${domain}`])}`,
    id: `geopod-ismtpd-${chance.below(60)}`,
    counts: 0.95,
    counted: () => `https://${host}/l/01${chance.code(24, 'ABCDEFGHJKMNPQRSTVWXYZ0123456789')}_${chance.below(20)}`,
  };
};

const mailjet: Make = (chance) => {
  const host = `${chance.code(4).toLowerCase()}.r.${chance.pick(['mailjet.com', 'eu.mailjet.com', 'bh.d.mailjet.com'])}`;
  return {
    mailFrom: `${chance.code(8).toLowerCase()}.${chance.code(30).toLowerCase()}@bnc${chance.below(9)}.mailjet.com`,
    helo: `o${chance.below(250)}.p${chance.below(9)}.mailjet.com`,
    id: 'mailjet.com',
    counts: 0.7,
    counted: () =>
      `https://${host}/lnk/${chance.code(70, TOKEN)}/${chance.below(20)}/${chance.code(22, TOKEN)}/aHR0cHM6Ly${chance.code(40, BASE62)}`,
  };
};

const sparkpost: Make = (chance, { domain }) => {
  const host = chance.pick(['go.sparkpostmail1.com', `go.${domain}`, `click.${domain}`]);
  return {
    mailFrom: `msprvs1=${chance.code(16)}=bounces-${chance.code(6, DIGITS)}@${chance.pick(['sparkpostmail.com', `bounces.${domain}`])}`,
    helo: `mta-${chance.below(200)}.sparkpostmail.com`,
    id: chance.pick(['sparkpostmail.com', domain]),
    counts: 0.8,
    counted: () =>
      `https://${host}/f/a/${chance.code(22, TOKEN)}~~/AA${chance.code(6)}A~/${chance.code(90 + chance.below(120), TOKEN)}~~`,
  };
};

const postmark: Make = (chance, { domain }) => ({
  mailFrom: `pm_bounces@${chance.pick(['pm.mtasv.net', `pm-bounces.${domain}`])}`,
  helo: `mta${chance.below(200)}-ord.mtasv.net`,
  id: 'mtasv.net',
  counts: 0.4,
  counted: (host, path) =>
    `https://click.pstmrk.it/3s/${host}${encodeURIComponent(path)}/${chance.code(4)}/${chance.code(4)}/AQ/${chance.code(36, TOKEN)}/1/${chance.code(10)}`,
});

const campaignMonitor: Make = (chance, company) => {
  const service = chance.pick(['cmail19.com', 'cmail20.com', 'createsend1.com']);
  return {
    mailFrom: `${label(company)}-${chance.code(10).toLowerCase()}@${service}`,
    helo: `mo${chance.below(30)}.${service}`,
    id: service,
    counts: 0.95,
    counted: () =>
      `https://${label(company)}.${service}/t/r-l-${chance.code(8).toLowerCase()}-${chance.code(9).toLowerCase()}-${chance.code(1).toLowerCase()}/`,
  };
};

const customerIo: Make = (chance, { domain }) => {
  const host = chance.pick(['e.customeriomail.com', `email.${domain}`, `track.${domain}`]);
  return {
    mailFrom: `${chance.code(24).toLowerCase()}@${chance.pick(['customeriomail.com', `cio.${domain}`])}`,
    helo: `m${chance.below(200)}.customeriomail.com`,
    id: 'mail.customeriomail.com',
    counts: 0.8,
    counted: () => `https://${host}/e/c/eyJ${chance.code(220 + chance.below(160), BASE62)}/${chance.code(64, HEX)}`,
  };
};

const activeCampaign: Make = (chance, company) => {
  const host = `${label(company)}.${chance.pick(['acemlna.com', 'acemlnb.com', 'acemlnc.com'])}`;
  return {
    mailFrom: `bounce-${chance.code(6, DIGITS)}-${chance.code(8, DIGITS)}@${chance.pick(['acems1.com', `em-${chance.code(6, DIGITS)}.${company.domain}`])}`,
    helo: `s${chance.below(99)}.acems1.com`,
    id: `${label(company)}.activehosted.com`,
    counts: 0.9,
    counted: () => `https://${host}/lt.php?x=3DZy~${chance.code(40, TOKEN)}`,
  };
};

const marketo: Make = (chance, { domain }) => ({
  mailFrom: `${chance.code(3, DIGITS)}-${chance.code(3, 'ABCDEFGHJKLMNPQRSTUVWXYZ')}-${chance.code(3, DIGITS)}.0.${chance.code(6, DIGITS)}@em-sj-${chance.below(99)}.mktomail.com`,
  helo: `em-sj-${chance.below(99)}.mktomail.com`,
  id: 'mktomail.com',
  counts: 0.95,
  counted: () =>
    `https://${chance.pick(['info', 'go', 'pages'])}.${domain}/NzY1LU${chance.code(90 + chance.below(60), BASE62)}=`,
});

/** Each with its share. Named after what they are; the shapes of their addresses and links are what anyone sees in mail of theirs. */
const SERVICES: readonly (readonly [number, Make])[] = [
  [3, own],
  [1.6, webHost],
  [1, google],
  [1.5, microsoft],
  [2, sendgrid],
  [2, ses],
  [1.3, mailchimp],
  [0.5, mandrill],
  [0.9, mailgun],
  [0.8, brevo],
  [0.9, salesforce],
  [0.6, hubspot],
  [0.7, klaviyo],
  [0.6, mailjet],
  [0.6, sparkpost],
  [0.6, postmark],
  [0.5, campaignMonitor],
  [0.5, customerIo],
  [0.4, activeCampaign],
  [0.4, marketo],
];

/** A large company has no page on somebody's web host. */
export function pickService(chance: Chance, company: Company, large: boolean): Service {
  return chance.weighted(large ? SERVICES.filter(([, make]) => make !== webHost) : SERVICES)(chance, company);
}
