import { createHash } from 'node:crypto';
import type { HttpAnswer, HttpClient } from '../../net/http-client.js';
import { NetFault } from '../../net/net-fault.js';
import { isPublicUrl } from '../public-url.js';
import { ProviderFault } from '../provider.js';
import type { IntelProvider, Opinion } from '../provider.js';
import { expressionsOf } from './expressions.js';
import { readAnswer } from './read-answer.js';
import type { ListedHash, Threat } from './read-answer.js';

export interface SafeBrowsingOptions {
  readonly key: string;
  readonly baseUrl: string;
  readonly http: HttpClient;
}

const PREFIX_BYTES = 4;
/** "The increased cache duration must not be longer than 24 hours." */
const MOST_CACHE_MS = 24 * 3_600_000;

/**
 * Google Safe Browsing v5, real-time without a local list: hashes:search with four-byte prefixes, matched against the full hashes here
 * (developers.google.com/safe-browsing/reference/rest/v5/hashes/search). The answer is protobuf; JSON is not offered.
 */
export function createSafeBrowsing({ key, baseUrl, http }: SafeBrowsingOptions): IntelProvider {
  return {
    id: 'safe-browsing',
    name: 'Google Safe Browsing',

    questions({ kind, value }) {
      if (kind !== 'url' || !isPublicUrl(value)) return [];
      return [...new Set(hashesOf(value).map(prefixOf))];
    },

    async ask(questions, signal) {
      const url = new URL('/v5/hashes:search', baseUrl);
      url.searchParams.set('key', key);
      for (const prefix of questions)
        url.searchParams.append('hashPrefixes', Buffer.from(prefix, 'hex').toString('base64'));
      const answer = await http.send({ url, signal });
      if (answer.status !== 200) throw faultOf(answer);
      if (answer.contentType !== 'application/x-protobuf')
        throw new NetFault('malformed', `the answer was ${answer.contentType || 'untyped'}, not protobuf`);
      const { hashes, cacheMs } = readAnswer(answer.body);
      const byQuestion = new Map<string, ListedHash[]>(questions.map((prefix) => [prefix, []]));
      for (const listed of hashes) byQuestion.get(prefixOf(listed.hash))?.push(listed);
      return { byQuestion, lastsMs: Math.min(cacheMs, MOST_CACHE_MS) };
    },

    judge({ value }, answers) {
      const threats = new Set<Threat>();
      for (const hash of hashesOf(value)) {
        const listed = answers.get(prefixOf(hash));
        if (!isListedHashes(listed)) continue;
        for (const one of listed) if (one.hash === hash) for (const threat of one.threats) threats.add(threat);
      }
      return opinionOf(threats);
    },
  };
}

/** Nothing on the lists is no praise: they are short. */
function opinionOf(threats: ReadonlySet<Threat>): Opinion {
  if (threats.size === 0) return { verdict: 'unknown', says: '' };
  const verdict = threats.has('malware') || threats.has('phishing or deception') ? 'malicious' : 'suspicious';
  return { verdict, says: `lists it for ${[...threats].join(' and ')}` };
}

function hashesOf(url: string): readonly string[] {
  return expressionsOf(url).map((expression) => createHash('sha256').update(expression, 'latin1').digest('hex'));
}

function prefixOf(hash: string): string {
  return hash.slice(0, PREFIX_BYTES * 2);
}

/** From the cache, which other versions may have filled. */
function isListedHashes(value: unknown): value is readonly ListedHash[] {
  return (
    Array.isArray(value) &&
    value.every((one: Partial<ListedHash> | null) => typeof one?.hash === 'string' && Array.isArray(one.threats))
  );
}

/** A wrong key is a 400 here; cloud.google.com/apis/design/errors has the codes. */
function faultOf({ status, retryAfterSeconds, body }: HttpAnswer): ProviderFault {
  const text = new TextDecoder().decode(body.subarray(0, 4096));
  if (status === 401 || status === 403 || (status === 400 && text.includes('API_KEY_INVALID')))
    return new ProviderFault('refused', 'it refuses the key');
  if (status === 429) return new ProviderFault('busy', 'it asks for fewer requests', retryAfterSeconds);
  if (status === 503) return new ProviderFault('failed', 'it is not available', retryAfterSeconds);
  return new ProviderFault('failed', `it answered with status ${status}`);
}
