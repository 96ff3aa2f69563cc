import type { HttpAnswer, HttpClient } from '../../net/http-client.js';
import { readJson } from '../../net/read-json.js';
import { NetFault } from '../../net/net-fault.js';
import { ProviderFault } from '../provider.js';
import type { IntelProvider, Opinion } from '../provider.js';
import { shareableUrl } from '../shareable-url.js';

export interface VirusTotalOptions {
  readonly key: string;
  readonly baseUrl: string;
  readonly http: HttpClient;
}

/** How many engines said what in the last analysis; null where VirusTotal has never seen it. */
type Stats = { readonly malicious: number; readonly suspicious: number; readonly engines: number } | null;

/** One or two engines out of ninety are wrong every day; from this many on they rarely are. */
const MALICIOUS_FROM = 4;
const SUSPICIOUS_FROM = 2;

const HOUR_MS = 3_600_000;
/** What was never seen, or is clean, may be known as bad within hours. */
const LASTS_MS = { unknown: HOUR_MS, clean: 6 * HOUR_MS, bad: 24 * HOUR_MS } as const;

/**
 * VirusTotal v3: reports that exist already (docs.virustotal.com/reference/url-info, /file-info). Nothing is ever submitted: that would
 * publish it.
 */
export function createVirusTotal({ key, baseUrl, http }: VirusTotalOptions): IntelProvider {
  return {
    id: 'virustotal',
    name: 'VirusTotal',

    questions({ kind, value }) {
      if (kind === 'sha256') return /^[\da-f]{64}$/.test(value) ? [`files/${value}`] : [];
      const url = shareableUrl(value);
      return url === null ? [] : [`urls/${Buffer.from(url).toString('base64url')}`];
    },

    async ask([question = ''], signal) {
      const url = new URL(`/api/v3/${question}`, baseUrl);
      const answer = await http.send({ url, headers: { 'x-apikey': key, accept: 'application/json' }, signal });
      const stats = readStats(answer);
      return { byQuestion: new Map([[question, stats]]), lastsMs: LASTS_MS[worth(stats)] };
    },

    judge(_subject, answers) {
      const [stats] = answers.values();
      return isStats(stats) ? opinionOf(stats) : { verdict: 'unknown', says: '' };
    },
  };
}

function readStats(answer: HttpAnswer): Stats {
  // "404 NotFoundError: The requested resource was not found." Unknown, not clean.
  if (answer.status === 404 && codeOf(answer) === 'NotFoundError') return null;
  if (answer.status !== 200) throw faultOf(answer);
  const stats = field(field(field(readJson(answer), 'data'), 'attributes'), 'last_analysis_stats');
  // An address that was submitted a moment ago has no analysis yet.
  if (stats === undefined) return null;
  const counts = Object.values(typeof stats === 'object' && stats !== null ? stats : {}) as unknown[];
  const malicious = field(stats, 'malicious');
  const suspicious = field(stats, 'suspicious');
  if (!isCount(malicious) || !isCount(suspicious) || !counts.every(isCount))
    throw new NetFault('malformed', 'the answer had no counts');
  return { malicious, suspicious, engines: counts.reduce((sum, count) => sum + count, 0) };
}

function opinionOf(stats: Stats): Opinion {
  if (stats === null || stats.engines === 0) return { verdict: 'unknown', says: '' };
  const { malicious, suspicious, engines } = stats;
  const says = `${malicious + suspicious} of ${engines} engines report it`;
  if (malicious >= MALICIOUS_FROM) return { verdict: 'malicious', says };
  if (malicious + suspicious >= SUSPICIOUS_FROM) return { verdict: 'suspicious', says };
  return { verdict: 'clean', says: '' };
}

function worth(stats: Stats): keyof typeof LASTS_MS {
  const { verdict } = opinionOf(stats);
  return verdict === 'malicious' || verdict === 'suspicious' ? 'bad' : verdict;
}

/** docs.virustotal.com/reference/errors. A 400 concerns just this question: a message must not be able to silence the provider with one. */
function faultOf(answer: HttpAnswer): ProviderFault {
  const { status, retryAfterSeconds } = answer;
  if (status === 401 || status === 403) return new ProviderFault('refused', 'it refuses the key');
  if (status === 429) {
    const spent = codeOf(answer) === 'QuotaExceededError';
    return new ProviderFault('busy', spent ? 'its quota is used up' : 'it asks for fewer requests', retryAfterSeconds);
  }
  if (status === 400 || status === 414) return new ProviderFault('unanswerable', 'it cannot answer this');
  return new ProviderFault('failed', `it answered with status ${status}`, retryAfterSeconds);
}

function codeOf(answer: HttpAnswer): string {
  try {
    return String(field(field(readJson(answer), 'error'), 'code'));
  } catch (error) {
    if (error instanceof NetFault) return '';
    throw error;
  }
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0;
}

/** From the cache, which other versions may have filled. */
function isStats(value: unknown): value is Stats {
  return (
    value === null || (['malicious', 'suspicious', 'engines'] as const).every((name) => isCount(field(value, name)))
  );
}
