import { startWebServer } from '../../helpers/web-server.js';
import type { Behaviour, Reply, SeenRequest, WebServer } from '../../helpers/web-server.js';

/** The only headers the client has a reason to send. */
const HEADERS = new Set(['host', 'connection', 'user-agent', 'accept', 'x-apikey']);

export interface FakeVirusTotal extends WebServer {
  /** URL or SHA-256 -> last_analysis_stats. */
  readonly reports: Map<string, Readonly<Record<string, number>>>;
  /** Instead of an answer, where it is set. */
  trouble: Behaviour | null;
}

/**
 * VirusTotal v3 as its pages describe it: docs.virustotal.com/reference/url-info and /file-info for the reports, /reference/url for the
 * identifiers, /reference/errors for refusals. Anything that would submit something is refused, as is whatever is not named there.
 */
export async function startVirusTotal(key: string): Promise<FakeVirusTotal> {
  const reports = new Map<string, Readonly<Record<string, number>>>();
  const trouble: { now: Behaviour | null } = { now: null };
  const server = await startWebServer((request) => trouble.now ?? answer(request, key, reports));
  return Object.defineProperty({ ...server, reports } as unknown as FakeVirusTotal, 'trouble', {
    set: (behaviour: Behaviour | null) => (trouble.now = behaviour),
  });
}

function answer(
  { method, target, headers, body }: SeenRequest,
  key: string,
  reports: FakeVirusTotal['reports'],
): Reply {
  if (method !== 'GET' || body !== '') return vtError(405, 'MethodNotAllowed');
  const header = Object.keys(headers).find((name) => !HEADERS.has(name));
  if (header !== undefined) return vtError(400, 'BadRequestError', `unexpected header ${header}`);
  if (headers['x-apikey'] === undefined) return vtError(401, 'AuthenticationRequiredError');
  if (headers['x-apikey'] !== key) return vtError(401, 'WrongCredentialsError');
  const [, kind, id] = /^\/api\/v3\/(urls|files)\/([A-Za-z0-9_-]+)$/.exec(target) ?? [];
  // "the resulting URL identifiers shouldn't be padded with '='"
  const name = kind === 'urls' ? Buffer.from(id ?? '', 'base64url').toString() : id;
  if (
    name === undefined ||
    (kind === 'urls' && !URL.canParse(name)) ||
    (kind === 'files' && !/^[\da-f]{64}$/.test(name))
  )
    return vtError(400, 'BadRequestError');
  const stats = reports.get(name);
  if (stats === undefined) return vtError(404, 'NotFoundError', `${name} not found`);
  return json({ data: { id, type: kind === 'urls' ? 'url' : 'file', attributes: { last_analysis_stats: stats } } });
}

export function json(value: unknown, status = 200, headers: Record<string, string> = {}): Reply {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: JSON.stringify(value),
  };
}

export function vtError(status: number, code: string, message = code, headers: Record<string, string> = {}): Reply {
  return json({ error: { code, message } }, status, headers);
}
