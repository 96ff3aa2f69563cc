/** Pages of well-known sites that send everyone on to any address they are given. */
interface Redirector {
  /** The host, or a domain above it. */
  readonly host: RegExp;
  readonly path: string;
  /** Query parameters that carry the destination; '' where it stands in the path after `path`. */
  readonly parameters: readonly string[];
}

/** Host (a final dot: any suffix), path, parameters. */
const RULES: readonly string[] = [
  'google. /url q,url',
  'google. /amp/s/',
  'google. /amp/',
  'google. /maps/url q',
  'google. /travel/clk pcurl',
  'google. /local_url q',
  'google. /pagead/aclk adurl',
  'googleadservices.com / adurl',
  'googleweblight.com /i u',
  'doubleclick.net / adurl,url,ds_dest_url,dc_adv_url',
  'dartsearch.net / ds_dest_url',
  'bing.com /ck/a u',
  'bing.com /aclick u',
  'bing.com /alink/link url',
  'youtube.com /redirect q',
  'youtube.com /attribution_link u',
  'facebook.com /l.php u',
  'facebook.com /flx/warn/ u',
  'instagram.com / u',
  'linkedin.com /redir/redirect url',
  'linkedin.com /safety/go url',
  'linkedin.com /slink code',
  'umblr.com /redirect z',
  'vk.com /away.php to',
  'steamcommunity.com /linkfilter url,u',
  'slack-redir.net /link url',
  'duckduckgo.com /l/ uddg',
  'search.yahoo.com / ru',
  'baidu.com /link url',
  'yandex. /redir url',
  'medium.com /r url',
  'exit.sc / url',
  'out.reddit.com / url',
  't.me /iv url',
  'web.archive.org /web/',
  'tiktok.com /link/v2 target',
  'getpocket.com /redirect url',
  'href.li /',
  'anonym.to /',
  'msn.com /clk url',
  'pinterest.com /offsite url',
  'ebay. /rover mpre',
  'amazon. /gp/redirect.html location',
  'amazon-adsystem.com / r',
  'snapchat.com /add link',
  'whatsapp.com /l u',
  'adservice.google.com /ddm/ adurl',
  'awstrack.me /l0/',
  'click.email.microsoftonline.com / url',
];

const BY_LABEL = new Map<string, Redirector[]>();
for (const rule of RULES) {
  const [host = '', path = '', parameters = ''] = rule.split(' ');
  const label = host.endsWith('.') ? host.slice(0, -1) : (host.split('.').at(-2) ?? '');
  const entry = { host: hostPattern(host), path, parameters: parameters === '' ? [] : parameters.split(',') };
  BY_LABEL.set(label, [...(BY_LABEL.get(label) ?? []), entry]);
}

/** Names a destination goes by on sites that are no known redirectors. */
const GENERIC = [
  'url',
  'u',
  'redirect',
  'redirect_url',
  'redirect_uri',
  'redir',
  'target',
  'dest',
  'destination',
  'goto',
  'next',
  'link',
  'to',
  'return',
  'returnurl',
  'continue',
  'r',
  'q',
];

export interface Redirection {
  readonly destination: URL;
  /** The site is known for sending on anyone to anywhere. */
  readonly open: boolean;
}

/** Where a link leads in the end, as far as it says so itself; null when it leads nowhere else. */
export function redirectionOf(url: URL): Redirection | null {
  const known = rulesFor(url.hostname).find(({ path }) => url.pathname.toLowerCase().startsWith(path));
  if (known !== undefined) {
    const destination = known.parameters.length === 0 ? inPath(url, known.path.length) : inQuery(url, known.parameters);
    if (destination !== null && destination.hostname !== url.hostname) return { destination, open: true };
  }
  if (url.search.length < 8 || !/https?(?::|%3a)/i.test(url.search)) return null;
  const destination = inQuery(url, GENERIC);
  return destination === null || destination.hostname === url.hostname ? null : { destination, open: false };
}

function rulesFor(host: string): readonly Redirector[] {
  const labels = host.split('.');
  return labels.flatMap((label) => BY_LABEL.get(label) ?? []).filter((rule) => rule.host.test(host));
}

/** A final dot stands for any suffix. */
function hostPattern(host: string): RegExp {
  const suffix = host.endsWith('.') ? '\\.(?:com|(?:com?\\.)?[a-z]{2})' : '';
  return new RegExp(`(?:^|\\.)${host.replace(/\.$/, '').replaceAll('.', '\\.')}${suffix}$`);
}

function inQuery(url: URL, names: readonly string[]): URL | null {
  for (const [name, value] of url.searchParams) {
    if (!names.includes(name.toLowerCase())) continue;
    const found = asUrl(value) ?? asUrl(decodeBing(value));
    if (found !== null) return found;
  }
  return null;
}

function inPath(url: URL, from: number): URL | null {
  const rest = url.pathname.slice(from).replace(/^\d{4,}[a-z_]*\//, '');
  let text = rest;
  try {
    text = decodeURIComponent(rest);
  } catch {
    // A stray percent sign: the path is taken as it stands.
  }
  return asUrl(text) ?? (/^[a-z0-9-]+(?:\.[a-z0-9-]+)+\//i.test(text) ? asUrl(`https://${text}`) : null);
}

/** Bing writes `a1` and the address in Base64. */
function decodeBing(value: string): string {
  return value.startsWith('a1') ? Buffer.from(value.slice(2), 'base64url').toString('latin1') : '';
}

function asUrl(text: string): URL | null {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return null;
  const url = new URL(text);
  return url.hostname.length > 253 ? null : url;
}
