import { promises as dns } from 'node:dns';

/** Records as SPF and DKIM need them: TXT as its strings, MX as `[preference, host]`, everything else as text. */
export type DnsRecord = string | readonly string[];

/** What a name server said; an empty list where it says that there is nothing. */
export type DnsAnswer = { readonly records: readonly DnsRecord[] } | { readonly unavailable: string };

export interface Resolver {
  /** Never rejects: a name server that is slow, broken or lying is 'unavailable' with a reason. */
  resolve(name: string, type: string): Promise<DnsAnswer>;
  close(): void;
}

export interface ResolverOptions {
  /** Addresses of name servers, with a port where it is not 53; null: those of the system. */
  readonly servers: readonly string[] | null;
  readonly timeoutMs?: number;
  readonly tries?: number;
  /** Milliseconds that never go backwards. */
  readonly now?: () => number;
}

/** c-ares does not tell how long TXT records last; keys and policies that change are seen after this. */
const KEPT_MS = 5 * 60_000;
const KEPT_NOTHING_MS = 60_000;
const MOST_KEPT = 20_000;
/** Nobody needs more, and a hostile zone may answer with thousands. */
const MOST_RECORDS = 200;
const MOST_CHARACTERS = 64 * 1024;
/** SPF macros put mailboxes into names: any visible character may stand there but a backslash, which escapes. */
const NAME = /^(?=.{1,253}$)(?:[!-\-/-[\]-~]{1,63}\.)*[!-\-/-[\]-~]{1,63}$/;
const NOTHING = new Set(['ENODATA', 'ENOTFOUND']);

interface Kept {
  readonly answer: DnsAnswer;
  readonly until: number;
}

/** Asks name servers, each question once at a time, and remembers answers for minutes. Names come out of mail: nothing about them is trusted. */
export function createResolver(options: ResolverOptions): Resolver {
  const { servers, timeoutMs = 2000, tries = 2, now = () => performance.now() } = options;
  const asker = new dns.Resolver({ timeout: timeoutMs, tries });
  if (servers !== null) asker.setServers(servers);
  const kept = new Map<string, Kept>();
  const asking = new Map<string, Promise<DnsAnswer>>();

  async function resolve(name: string, type: string): Promise<DnsAnswer> {
    const plain = name.replace(/\.$/, '').toLowerCase();
    // What cannot stand in DNS does not: asking would only tell the name server about it.
    if (!NAME.test(plain)) return { records: [] };
    const key = `${type} ${plain}`;
    const known = kept.get(key);
    if (known !== undefined && known.until > now()) return known.answer;
    const running = asking.get(key);
    if (running !== undefined) return running;
    const work = ask(plain, type).finally(() => asking.delete(key));
    asking.set(key, work);
    const answer = await work;
    if ('records' in answer) keep(key, answer, answer.records.length === 0 ? KEPT_NOTHING_MS : KEPT_MS);
    return answer;
  }

  async function ask(name: string, type: string): Promise<DnsAnswer> {
    try {
      const records = await lookUp(asker, name, type);
      const characters = records.reduce((sum, record) => sum + [record].flat().join('').length, 0);
      if (records.length > MOST_RECORDS || characters > MOST_CHARACTERS)
        return { unavailable: 'the answer is too large' };
      return { records };
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? 'unknown fault';
      return NOTHING.has(code) ? { records: [] } : { unavailable: `the name server did not answer (${code})` };
    }
  }

  function keep(key: string, answer: DnsAnswer, lastsMs: number): void {
    // Set anew, so that the map's order is the order of age.
    kept.delete(key);
    kept.set(key, { answer, until: now() + lastsMs });
    if (kept.size <= MOST_KEPT) return;
    for (const oldest of kept.keys()) {
      kept.delete(oldest);
      return;
    }
  }

  return { resolve, close: () => asker.cancel() };
}

async function lookUp(asker: dns.Resolver, name: string, type: string): Promise<readonly DnsRecord[]> {
  switch (type) {
    case 'TXT':
      return await asker.resolveTxt(name);
    case 'A':
      return await asker.resolve4(name);
    case 'AAAA':
      return await asker.resolve6(name);
    case 'MX':
      return (await asker.resolveMx(name)).map(({ priority, exchange }) => [String(priority), exchange]);
    case 'PTR':
      return await asker.resolvePtr(name);
    case 'CNAME':
      return await asker.resolveCname(name);
    default:
      return [];
  }
}
