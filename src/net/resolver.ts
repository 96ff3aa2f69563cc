import { Resolver as SystemResolver } from 'node:dns/promises';

/** Records as text: an address, a name, a TXT record in its pieces, an MX as its preference and host. */
export type DnsRecord = string | readonly string[];

export interface Resolver {
  /** None where there are none. Throws where no name server answered, or not usefully. */
  resolve(name: string, type: string): Promise<readonly DnsRecord[]>;
}

export interface ResolverOptions {
  /** `address` or `address:port`; empty: those of the machine. */
  readonly servers: readonly string[];
  readonly timeoutMs?: number;
  readonly now?: () => number;
}

/** The name servers cache properly; this only spares asking for the same sender twice in a row. */
const KEPT_MS = 60_000;
const MOST_KEPT = 10_000;

/** Asks name servers, each question once at a time, and remembers answers for a minute. Failures are not remembered. */
export function createResolver({ servers, timeoutMs = 2000, now = Date.now }: ResolverOptions): Resolver {
  const resolver = new SystemResolver({ timeout: timeoutMs, tries: 2 });
  if (servers.length > 0) resolver.setServers([...servers]);
  const kept = new Map<string, { readonly answer: Promise<readonly DnsRecord[]>; readonly until: number }>();

  return {
    resolve(name, type) {
      const question = `${type} ${name.toLowerCase()}`;
      const known = kept.get(question);
      if (known !== undefined && known.until > now()) return known.answer;
      const answer = ask(resolver, name, type);
      kept.delete(question);
      kept.set(question, { answer, until: now() + KEPT_MS });
      answer.catch(() => {
        if (kept.get(question)?.answer === answer) kept.delete(question);
      });
      const [oldest] = kept.keys();
      if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest);
      return answer;
    },
  };
}

async function ask(resolver: SystemResolver, name: string, type: string): Promise<readonly DnsRecord[]> {
  try {
    switch (type) {
      case 'TXT':
        return await resolver.resolveTxt(name);
      case 'A':
        return await resolver.resolve4(name);
      case 'AAAA':
        return await resolver.resolve6(name);
      case 'MX':
        return (await resolver.resolveMx(name)).map(({ priority, exchange }) => [String(priority), exchange]);
      case 'PTR':
        return await resolver.resolvePtr(name);
      default:
        return [];
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // No such name, no such record, or a name that none can have.
    if (code === 'ENOTFOUND' || code === 'ENODATA' || code === 'EBADNAME') return [];
    throw error;
  }
}
