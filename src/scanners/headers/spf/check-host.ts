import type { AuthenticationStatus, Lookup } from '../../scanner.js';
import { inNetwork, parseIp } from './ip.js';
import { expand, reverseName } from './macro.js';
import type { MacroValues } from './macro.js';
import { isAskable, Names, SpfStop } from './names.js';
import { parseRecord } from './record.js';
import type { Directive, SpfRecord } from './record.js';

export interface SpfInput {
  /** Address of the client, IPv4 or IPv6. */
  readonly ip: string;
  readonly helo: string;
  /** The envelope's sender; '' for a bounce. */
  readonly mailFrom: string;
}

export interface SpfResult {
  readonly result: AuthenticationStatus;
  /** The domain whose record was asked. */
  readonly domain: string;
}

const MOST_MX = 10;
const MOST_PTR = 10;
const RESULTS = { '+': 'pass', '-': 'fail', '~': 'softfail', '?': 'neutral' } as const;

/** RFC 7208 `check_host`: whether a domain names this client as one that may send its mail. Never throws. */
export async function checkSpf({ ip, helo, mailFrom }: SpfInput, lookup: Lookup): Promise<SpfResult> {
  const sender = mailFrom === '' ? `postmaster@${helo}` : mailFrom.startsWith('@') ? `postmaster${mailFrom}` : mailFrom;
  const domain = sender
    .slice(sender.lastIndexOf('@') + 1)
    .replace(/\.$/, '')
    .toLowerCase();
  const address = parseIp(ip);
  if (address === null || !isFullName(domain)) return { result: 'none', domain };
  const check = new Check(address, helo, sender, new Names(lookup));
  try {
    return { result: await check.evaluate(domain), domain };
  } catch (error) {
    if (error instanceof SpfStop) return { result: error.result, domain };
    throw error;
  }
}

class Check {
  constructor(
    private readonly ip: readonly number[],
    private readonly helo: string,
    private readonly sender: string,
    private readonly names: Names,
  ) {}

  async evaluate(domain: string): Promise<AuthenticationStatus> {
    const record = await this.recordOf(domain);
    if (record === null) return 'none';
    for (const directive of record.directives) {
      if (await this.matches(directive, domain)) return RESULTS[directive.qualifier];
    }
    if (record.redirect === null) return 'neutral';
    this.names.countTerm();
    const target = await this.expand(record.redirect, domain);
    const result = isFullName(target) ? await this.evaluate(target) : 'none';
    if (result === 'none') throw new SpfStop('permerror');
    return result;
  }

  private async recordOf(domain: string): Promise<SpfRecord | null> {
    const texts = (await this.names.ask(domain, 'TXT', false)).map((record) =>
      typeof record === 'string' ? record : record.join(''),
    );
    const records = texts.filter((text) => /^v=spf1(?: |$)/i.test(text));
    const [first] = records;
    if (first === undefined) return null;
    const record = records.length === 1 ? parseRecord(first) : null;
    if (record === null) throw new SpfStop('permerror');
    return record;
  }

  private async matches(directive: Directive, domain: string): Promise<boolean> {
    const { mechanism, target, prefix4, prefix6 } = directive;
    if (mechanism === 'all') return true;
    if (mechanism === 'ip4') return inNetwork(this.ip, parseIp(target ?? '') ?? [], prefix4);
    if (mechanism === 'ip6') return this.inSixNetwork(target ?? '', prefix6);
    this.names.countTerm();
    const name = target === null ? domain : await this.expand(target, domain);
    switch (mechanism) {
      case 'include':
        return this.includes(name);
      case 'exists':
        return (await this.names.ask(name, 'A')).length > 0;
      case 'a':
        return this.hasAddress(name, directive);
      case 'mx':
        return this.hasMailServer(name, directive);
      case 'ptr':
        return (await this.validatedNames()).some((one) => one === name || one.endsWith(`.${name.toLowerCase()}`));
    }
  }

  private inSixNetwork(network: string, prefix: number): boolean {
    const bytes = parseIp(network);
    if (bytes === null) throw new SpfStop('permerror');
    return inNetwork(this.ip, bytes, prefix);
  }

  private async includes(name: string): Promise<boolean> {
    const result = isFullName(name) ? await this.evaluate(name) : 'none';
    if (result === 'none') throw new SpfStop('permerror');
    return result === 'pass';
  }

  private async hasAddress(name: string, { prefix4, prefix6 }: Directive, limited = true): Promise<boolean> {
    const addresses = await this.names.ask(name, this.ip.length === 4 ? 'A' : 'AAAA', limited);
    const bits = this.ip.length === 4 ? prefix4 : prefix6;
    return addresses.some((one) => inNetwork(this.ip, parseIp(String(one)) ?? [], bits));
  }

  private async hasMailServer(name: string, directive: Directive): Promise<boolean> {
    const servers = await this.names.ask(name, 'MX');
    if (servers.length > MOST_MX) throw new SpfStop('permerror');
    for (const server of servers) {
      const exchange = (server[1] ?? '').replace(/\.$/, '');
      if (exchange !== '' && (await this.hasAddress(exchange, directive, false))) return true;
    }
    return false;
  }

  /** §5.5: names the client's network gives it, if those names lead back to it. Failures here only mean there is none. */
  private async validatedNames(): Promise<readonly string[]> {
    const found = await this.names.ask(reverseName(this.ip), 'PTR').catch((error: unknown) => {
      if (error instanceof SpfStop && error.result === 'temperror') return [];
      throw error;
    });
    const valid: string[] = [];
    for (const pointer of found.slice(0, MOST_PTR)) {
      const name = String(pointer).replace(/\.$/, '').toLowerCase();
      const every = { qualifier: '+', mechanism: 'a', target: null, prefix4: 32, prefix6: 128 } as const;
      const leadsBack = await this.hasAddress(name, every, false).catch(() => false);
      if (leadsBack) valid.push(name);
    }
    return valid;
  }

  private expand(text: string, domain: string): Promise<string> {
    const values: MacroValues = {
      ip: this.ip,
      sender: this.sender,
      domain,
      helo: this.helo,
      validated: async () => {
        const names = await this.validatedNames();
        const best = names.find((name) => name === domain) ?? names.find((name) => name.endsWith(`.${domain}`));
        return best ?? names[0] ?? 'unknown';
      },
    };
    return expand(text, values);
  }
}

/** §4.3: several labels, none empty or too long. */
function isFullName(domain: string): boolean {
  return domain.includes('.') && isAskable(domain) && !domain.startsWith('[');
}
