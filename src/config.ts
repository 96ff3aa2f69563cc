import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { ACCOUNT_SETTINGS, accountContradictions } from './config-accounts.js';
import {
  bytes,
  email,
  hosts,
  nameServers,
  integer,
  list,
  networks,
  oneOf,
  origin,
  origins,
  path,
  postgresUrl,
  redisUrl,
  text,
} from './config-kinds.js';
import type { Kind } from './config-kinds.js';
import { IMAP_OAUTH_SETTINGS } from './config-imap-oauth.js';
import { MAIL_PROVIDER_SETTINGS } from './config-mail-providers.js';
import { optional, setting } from './config-setting.js';
import type { Setting } from './config-setting.js';
import { PosternError } from './errors.js';

/** Every setting there is. The table in docs/configuration.md is generated from this one. */
const SETTINGS = {
  host: setting({
    env: 'POSTERN_HOST',
    kind: text,
    fallback: '127.0.0.1',
    about: 'Address to listen on. Only this machine by default; `0.0.0.0` in a container or behind a reverse proxy.',
  }),
  port: setting({
    env: 'PORT',
    kind: integer(0, 65_535),
    fallback: '8080',
    about: 'Port to listen on; `0` takes any free one.',
  }),
  publicUrl: optional({
    env: 'POSTERN_PUBLIC_URL',
    kind: origin,
    fallbackText: '`http://localhost:<PORT>`',
    about:
      'Where people reach postern. Links are built from it, never from a request; https makes cookies `Secure` and turns on HSTS.',
  }),
  trustedProxies: setting({
    env: 'POSTERN_TRUSTED_PROXIES',
    kind: networks,
    fallback: '',
    about:
      "Proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed. Without it the client address is the socket's.",
  }),
  dataDir: setting({
    env: 'POSTERN_DATA_DIR',
    kind: path,
    fallback: './.data',
    about: 'Folder of the embedded PostgreSQL and of generated keys. Back it up; keep it private.',
  }),
  databaseUrl: optional({
    env: 'DATABASE_URL',
    kind: postgresUrl,
    secret: true,
    fallbackText: 'embedded PostgreSQL',
    about: 'PostgreSQL 15 or later as the owner of the schema, who migrates. Without it postern runs its own.',
  }),
  databaseAppUrl: optional({
    env: 'DATABASE_APP_URL',
    kind: postgresUrl,
    secret: true,
    fallbackText: 'a login `postern_app`, created',
    about:
      'The same database as the login that serves, which owns nothing. Without it the owner creates one, whose password is kept in the data folder: give it where several machines serve.',
  }),
  redisUrl: optional({
    env: 'POSTERN_REDIS_URL',
    kind: redisUrl,
    secret: true,
    fallbackText: 'PostgreSQL',
    about:
      'Redis 5 or later that counts rate limits instead of PostgreSQL: `redis://`, `rediss://` for TLS, or `unix:///path`. While it does not answer, PostgreSQL counts. Every process must be given the same.',
  }),
  keys: optional({
    env: 'POSTERN_KEYS',
    kind: list,
    secret: true,
    fallbackText: 'generated in the data folder',
    about:
      'Master keys, comma separated, newest first, each 32 bytes in base64. Older ones still open what they sealed.',
  }),
  keyStore: optional({
    env: 'POSTERN_KEY_STORE',
    kind: path,
    fallbackText: '`<POSTERN_DATA_DIR>/tenant-keys`',
    about:
      "Folder of the tenants' data keys, one file a tenant, and of the log of deletions. Every process must see the same folder; keep it out of database backups.",
  }),
  adminEmail: optional({
    env: 'POSTERN_ADMIN_EMAIL',
    kind: email,
    about:
      'With `POSTERN_ADMIN_PASSWORD`: creates the first administrator unattended. Without effect once there is one.',
  }),
  adminPassword: optional({
    env: 'POSTERN_ADMIN_PASSWORD',
    kind: text,
    secret: true,
    about: 'Password of that administrator, at least 8 characters.',
  }),
  ...ACCOUNT_SETTINGS,
  uploadLimit: setting({
    env: 'POSTERN_UPLOAD_LIMIT',
    kind: bytes,
    fallback: '25MB',
    about: 'Largest message that is accepted for a scan.',
  }),
  checkv2Port: optional({
    env: 'POSTERN_CHECKV2_PORT',
    kind: integer(0, 65_535),
    fallbackText: 'off',
    about:
      "Opens a door for mail servers that speak Rspamd's protocol, on a port of its own (Rspamd's is `11333`); see docs/checkv2.md.",
  }),
  checkv2Host: setting({
    env: 'POSTERN_CHECKV2_HOST',
    kind: text,
    fallback: '127.0.0.1',
    about: 'Address of that door. The protocol is not encrypted: give another one only for a network that you trust.',
  }),
  checkv2EximPort: optional({
    env: 'POSTERN_CHECKV2_EXIM_PORT',
    kind: integer(0, 65_535),
    fallbackText: 'off',
    about: "Another such door, for Exim (`variant=rspamd`), which speaks Rspamd's older protocol.",
  }),
  checkv2Key: optional({
    env: 'POSTERN_CHECKV2_KEY',
    kind: text,
    secret: true,
    about:
      'API key for mail servers on this machine that cannot send one themselves in the header `Password`, such as Exim.',
  }),
  scansPerKey: setting({
    env: 'POSTERN_SCANS_PER_KEY',
    kind: integer(0, 10_000_000),
    fallback: '1200',
    about: 'Scans that one API key may ask for in any minute, all processes together; `0`: as many as it likes.',
  }),
  scansPerTenant: setting({
    env: 'POSTERN_SCANS_PER_TENANT',
    kind: integer(0, 10_000_000),
    fallback: '6000',
    about: 'The same for an organisation, whoever asks in it.',
  }),
  scanThreads: setting({
    env: 'POSTERN_SCAN_THREADS',
    kind: integer(1, 256),
    fallback: String(availableParallelism()),
    fallbackText: 'one a core',
    about: 'Threads that scan. Of several cores one is left to the rest until two messages wait, or one for 0.1 s.',
  }),
  scanTimeoutMs: setting({
    env: 'POSTERN_SCAN_TIMEOUT_MS',
    kind: integer(100, 600_000, 'milliseconds'),
    fallback: '10000',
    about: 'How long one message may occupy a worker before it is given up as `incomplete`.',
  }),
  trustedAuthservIds: setting({
    env: 'POSTERN_TRUSTED_AUTHSERV_IDS',
    kind: list,
    fallback: '',
    about:
      'Mail servers whose `Authentication-Results` are believed (the name at the start of the header), for every tenant.',
  }),
  dns: setting({
    env: 'POSTERN_DNS',
    kind: nameServers,
    fallback: 'off',
    about:
      'Whom to ask for DNS, to verify SPF, DKIM, DMARC and ARC here: `off`, `system`, or addresses of name servers. Without it results are read from `Authentication-Results` of servers that can be believed.',
  }),
  safeBrowsingKey: optional({
    env: 'POSTERN_SAFE_BROWSING_KEY',
    kind: text,
    secret: true,
    fallbackText: 'off',
    about:
      'API key for Google Safe Browsing (non-commercial use). Turns on looking up links, of which only four bytes of a hash leave this machine.',
  }),
  safeBrowsingUrl: setting({
    env: 'POSTERN_SAFE_BROWSING_URL',
    kind: origin,
    fallback: 'https://safebrowsing.googleapis.com',
    about: 'Where Safe Browsing is, if not at Google: a proxy of your own that speaks the same.',
  }),
  safeBrowsingPerMinute: setting({
    env: 'POSTERN_SAFE_BROWSING_PER_MINUTE',
    kind: integer(1, 1_000_000),
    fallback: '600',
    about: 'Requests to Safe Browsing in any minute, all processes together.',
  }),
  safeBrowsingPerDay: setting({
    env: 'POSTERN_SAFE_BROWSING_PER_DAY',
    kind: integer(1, 1_000_000_000),
    fallback: '10000',
    about: 'Requests to Safe Browsing in a day (UTC), all processes together.',
  }),
  virusTotalKey: optional({
    env: 'POSTERN_VIRUSTOTAL_KEY',
    kind: text,
    secret: true,
    fallbackText: 'off',
    about:
      'API key for VirusTotal. Turns on looking up links and hashes of files; links are named to VirusTotal without anything that names a person. Nothing is ever submitted.',
  }),
  virusTotalUrl: setting({
    env: 'POSTERN_VIRUSTOTAL_URL',
    kind: origin,
    fallback: 'https://www.virustotal.com',
    about: 'Where VirusTotal is: a proxy of your own that speaks the same.',
  }),
  virusTotalPerMinute: setting({
    env: 'POSTERN_VIRUSTOTAL_PER_MINUTE',
    kind: integer(1, 1_000_000),
    fallback: '4',
    about: 'Requests to VirusTotal in any minute, all processes together. The default is what a public key may send.',
  }),
  virusTotalPerDay: setting({
    env: 'POSTERN_VIRUSTOTAL_PER_DAY',
    kind: integer(1, 1_000_000_000),
    fallback: '500',
    about: 'Requests to VirusTotal in a day (UTC), all processes together.',
  }),
  feeds: setting({
    env: 'POSTERN_FEEDS',
    kind: list,
    fallback: '',
    about:
      'Files that list dangerous links, domains, addresses or SHA-256 hashes: one a line, CSV, or hosts format. Read again when they change; nothing leaves this machine.',
  }),
  ...MAIL_PROVIDER_SETTINGS,
  ...IMAP_OAUTH_SETTINGS,
  privateMailHosts: setting({
    env: 'POSTERN_PRIVATE_MAIL_HOSTS',
    kind: hosts,
    fallback: '',
    about:
      'Mail servers inside your network that people may connect a mailbox of: names, addresses, networks, `loopback`, `uniquelocal`. Public addresses need no entry.',
  }),
  imapWithoutTls: setting({
    env: 'POSTERN_IMAP_WITHOUT_TLS',
    kind: oneOf('never', 'loopback'),
    fallback: 'never',
    about: '`loopback`: an IMAP server on this very machine may be spoken to without TLS.',
  }),
  llmEndpoints: setting({
    env: 'POSTERN_LLM_ENDPOINTS',
    kind: origins,
    fallback: '',
    about:
      'Origins of language models in your own network that tenants may use, such as `http://localhost:11434` for Ollama. Every other endpoint must be a public one with https.',
  }),
  llmTimeoutMs: setting({
    env: 'POSTERN_LLM_TIMEOUT_MS',
    kind: integer(1000, 300_000, 'milliseconds'),
    fallback: '60000',
    about: 'How long one request to a language model may take.',
  }),
  ratePerAddress: setting({
    env: 'POSTERN_RATE_PER_ADDRESS',
    kind: integer(0, 1_000_000),
    fallback: '1200',
    about:
      'API requests a minute from one client address, all processes together; as many pages and files of each process besides, and as many calls to `/webhooks` that do not prove themselves, and questions of mail servers without a right key. `0` for no limit.',
  }),
  ratePerPerson: setting({
    env: 'POSTERN_RATE_PER_PERSON',
    kind: integer(0, 1_000_000),
    fallback: '600',
    about:
      'API requests a minute of one person who is signed in, all processes together; `0` for no limit. Programs with an API key have `POSTERN_RATE_PER_KEY`.',
  }),
  ratePerKey: setting({
    env: 'POSTERN_RATE_PER_KEY',
    kind: integer(0, 1_000_000),
    fallback: '1200',
    about: 'API requests a minute with one API key, scans included, all processes together; `0` for no limit.',
  }),
  ratePerTenant: setting({
    env: 'POSTERN_RATE_PER_TENANT',
    kind: integer(0, 1_000_000),
    fallback: '6000',
    about: 'API requests a minute of one organisation, all processes together; `0` for no limit.',
  }),
  logLevel: setting({
    env: 'POSTERN_LOG_LEVEL',
    kind: oneOf('debug', 'info', 'warn', 'error', 'silent'),
    fallback: 'info',
    about: 'How much is logged, as JSON lines on standard output.',
  }),
} as const;

type Settings = typeof SETTINGS;
type Value<S> = S extends { kind: Kind<infer T>; fallback: infer F } ? (F extends null ? T | null : T) : never;
export type Config = { readonly [K in keyof Settings]: Value<Settings[K]> };

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads every setting, or throws one PosternError `config.invalid` whose `details.faults` names each setting at fault. An empty
 * variable counts as absent. Values of secrets never appear in a fault.
 */
export function loadConfig(env: Environment = process.env): Config {
  const faults: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [key, entry] of Object.entries(SETTINGS)) {
    const raw = readText(entry, env, faults) ?? entry.fallback;
    try {
      values[key] = raw === null ? null : entry.kind.parse(raw);
    } catch (error) {
      faults.push(`${entry.env} ${(error as Error).message}`);
    }
  }
  const config = values as Config;
  faults.push(...contradictions(config));
  if (faults.length > 0) {
    throw new PosternError(
      'config.invalid',
      `The configuration is not valid:\n${faults.map((f) => `  ${f}`).join('\n')}`,
      {
        details: { faults },
      },
    );
  }
  return config;
}

/** Variables that look like settings and are none: most likely misspelt. */
export function unknownSettings(env: Environment = process.env): readonly string[] {
  const known = new Set(Object.values(SETTINGS).flatMap((entry) => [entry.env, `${entry.env}_FILE`]));
  return Object.keys(env).filter((name) => name.startsWith('POSTERN_') && !known.has(name) && !isServiceLink(name));
}

/** Kubernetes sets these by itself for a service named `postern`. */
function isServiceLink(name: string): boolean {
  return /^POSTERN_(SERVICE|PORT)(_|$)/.test(name);
}

function readText(entry: Setting<unknown>, env: Environment, faults: string[]): string | null {
  const direct = env[entry.env]?.trim() ?? '';
  const file = entry.secret === true ? (env[`${entry.env}_FILE`]?.trim() ?? '') : '';
  if (direct !== '' && file !== '') {
    faults.push(`${entry.env} and ${entry.env}_FILE are both set; keep one`);
    return null;
  }
  if (file === '') return direct === '' ? null : direct;
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    faults.push(`${entry.env}_FILE cannot be read (${(error as NodeJS.ErrnoException).code ?? 'error'}: ${file})`);
    return null;
  }
}

function contradictions(config: Config): string[] {
  const faults: string[] = [];
  if ((config.adminEmail === null) !== (config.adminPassword === null)) {
    faults.push('POSTERN_ADMIN_EMAIL and POSTERN_ADMIN_PASSWORD must be set together');
  }
  for (const [name, id, secret] of [
    ['GOOGLE', config.googleClientId, config.googleClientSecret],
    ['MICROSOFT', config.microsoftClientId, config.microsoftClientSecret],
  ] as const) {
    if ((id === null) !== (secret === null))
      faults.push(`POSTERN_${name}_CLIENT_ID and POSTERN_${name}_CLIENT_SECRET must be set together`);
  }
  if ((config.googlePushTopic === null) !== (config.googlePushAccount === null)) {
    faults.push('POSTERN_GOOGLE_PUSH_TOPIC and POSTERN_GOOGLE_PUSH_ACCOUNT must be set together');
  }
  if (config.databaseUrl === null && config.databaseAppUrl !== null) {
    faults.push('DATABASE_APP_URL is set without DATABASE_URL');
  }
  faults.push(...accountContradictions(config));
  if (config.checkv2Port === null && config.checkv2EximPort === null && config.checkv2Key !== null) {
    faults.push('POSTERN_CHECKV2_KEY is set without a port for mail servers, such as POSTERN_CHECKV2_PORT');
  }
  return faults;
}

/** The table of docs/configuration.md, in Markdown. */
export function settingsTable(): string {
  const rows = Object.values(SETTINGS).map((entry: Setting<unknown>) => {
    const secret = entry.secret === true ? ` Secret: also as \`${entry.env}_FILE\`.` : '';
    const fallback =
      entry.fallbackText ?? (entry.fallback === null || entry.fallback === '' ? '' : `\`${entry.fallback}\``);
    return `| \`${entry.env}\` | ${entry.kind.label} | ${fallback} | ${entry.about}${secret} |`;
  });
  return ['| setting | type | default | what it does |', '|---|---|---|---|', ...rows].join('\n') + '\n';
}
