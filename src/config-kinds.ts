import { BlockList, isIP } from 'node:net';
import { readNameServers } from './net/name-servers.js';
import type { NameServers } from './net/name-servers.js';

/**
 * One kind of setting: turns the text of an environment variable into a value, or throws an Error whose message says what is
 * wrong in words that follow the setting's name ("must be a whole number").
 */
export interface Kind<T> {
  /** As the table of settings names it. */
  readonly label: string;
  parse(text: string): T;
}

export const text: Kind<string> = { label: 'text', parse: (value) => value };

export const path: Kind<string> = { label: 'path', parse: (value) => value };

/** A whole number between `min` and `max`, both inclusive. */
export function integer(min: number, max: number, label = 'number'): Kind<number> {
  return {
    label,
    parse(value) {
      const number = Number(value);
      if (!/^\d+$/.test(value) || number < min || number > max) {
        throw new Error(`must be a whole number from ${min} to ${max}`);
      }
      return number;
    },
  };
}

export function oneOf<T extends string>(...choices: readonly T[]): Kind<T> {
  return {
    label: choices.map((choice) => `\`${choice}\``).join(', '),
    parse(value) {
      const choice = choices.find((known) => known === value);
      if (choice === undefined) throw new Error(`must be one of ${choices.join(', ')}`);
      return choice;
    },
  };
}

/** Comma separated; empty items are dropped. */
export const list: Kind<readonly string[]> = {
  label: 'list',
  parse: (value) =>
    value
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== ''),
};

const UNITS = { B: 1, KB: 1000, MB: 1000 ** 2, GB: 1000 ** 3, KIB: 1024, MIB: 1024 ** 2, GIB: 1024 ** 3 } as const;

/** Bytes, as a number or with a unit: `25MB`, `512 KiB`. */
export const bytes: Kind<number> = {
  label: 'size',
  parse(value) {
    const match = /^(\d+(?:\.\d+)?)\s*([kmg]?i?b)?$/i.exec(value);
    const unit = (match?.[2] ?? 'B').toUpperCase();
    const factor = unit in UNITS ? UNITS[unit as keyof typeof UNITS] : null;
    if (match?.[1] === undefined || factor === null) throw new Error('must be a size such as 25MB');
    const size = Math.round(Number(match[1]) * factor);
    if (size < 1) throw new Error('must be more than nothing');
    return size;
  },
};

/** An absolute http or https URL without path, query or credentials; returned without the final slash. */
export const origin: Kind<string> = {
  label: 'URL',
  parse(value) {
    const url = URL.canParse(value) ? new URL(value) : null;
    if (url === null || !/^https?:$/.test(url.protocol)) throw new Error('must be an http or https URL');
    if (url.origin !== value.replace(/\/$/, '').toLowerCase())
      throw new Error('must be an origin, such as https://mail.example');
    return url.origin;
  },
};

/** Comma separated origins. */
export const origins: Kind<readonly string[]> = {
  label: 'list of URLs',
  parse: (value) => list.parse(value).map((item) => origin.parse(item)),
};

/** The full name of a Pub/Sub topic. */
export const pubsubTopic: Kind<string> = {
  label: 'topic',
  parse(value) {
    if (!/^projects\/[\w.:-]+\/topics\/[\w.~+%-]{3,255}$/.test(value))
      throw new Error('must be like projects/my-project/topics/my-topic');
    return value;
  },
};

/** A part of an address: a tenant's id or domain, or one of Entra's words. */
export const entraTenant: Kind<string> = {
  label: 'tenant',
  parse(value) {
    if (!/^[\w.-]{1,253}$/.test(value)) throw new Error("must be a tenant's id or domain, `organizations` or `common`");
    return value.toLowerCase();
  },
};

export const postgresUrl: Kind<string> = {
  label: 'URL',
  parse(value) {
    const url = URL.canParse(value) ? new URL(value) : null;
    // The value is a secret: the fault must not repeat it.
    if (url === null || !/^postgres(ql)?:$/.test(url.protocol)) throw new Error('must be a postgres:// URL');
    return value;
  },
};

export const redisUrl: Kind<string> = {
  label: 'URL',
  parse(value) {
    const url = URL.canParse(value) ? new URL(value) : null;
    const local = url?.protocol === 'unix:' && url.pathname.length > 1;
    // The value may hold a password: the fault must not repeat it.
    if (
      url === null ||
      !(local || (/^rediss?:$/.test(url.protocol) && /^(\/\d*)?$/.test(url.pathname) && url.hostname !== ''))
    ) {
      throw new Error('must be a redis://, rediss:// or unix:// URL');
    }
    return value;
  },
};

export const smtpUrl: Kind<string> = {
  label: 'URL',
  parse(value) {
    const url = URL.canParse(value) ? new URL(value) : null;
    // The value may hold a password: the fault must not repeat it.
    if (url === null || !/^smtps?:$/.test(url.protocol) || url.hostname === '') {
      throw new Error('must be an smtp:// or smtps:// URL');
    }
    return value;
  },
};

/** Who may sign up: one of three words, or domains. */
export const signUpRule: Kind<'closed' | 'invitation' | 'open' | { readonly domains: readonly string[] }> = {
  label: '`closed`, `invitation`, `open` or a list of domains',
  parse(value) {
    if (value === 'closed' || value === 'invitation' || value === 'open') return value;
    const domains = list.parse(value.toLowerCase());
    const wrong = domains.filter((domain) => !/^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*$/.test(domain));
    if (domains.length === 0 || wrong.length > 0) {
      throw new Error('must be closed, invitation, open, or domains such as example.com');
    }
    return { domains };
  },
};

/** An OpenID Connect issuer, exactly as the provider writes it: https, or http on this machine. */
export const issuer: Kind<string> = {
  label: 'URL',
  parse(value) {
    const url = URL.canParse(value) ? new URL(value) : null;
    const local = url?.protocol === 'http:' && /^(localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname);
    if (url === null || !(url.protocol === 'https:' || local) || url.search !== '' || url.hash !== '') {
      throw new Error('must be an https URL without query');
    }
    return value;
  },
};

export interface ImapServer {
  readonly host: string;
  readonly port: number;
  readonly security: 'tls' | 'starttls' | 'plain';
}

/** `imaps://host:port`, `imap://host:port` with STARTTLS; `imap+plain://` where plain connections are allowed at all. */
export const imapServer: Kind<ImapServer> = {
  label: 'mail server',
  parse(value) {
    const [, scheme, host, port] =
      /^(imaps|imap|imap\+plain):\/\/([\w.-]{1,253})(?::(\d{1,5}))?\/?$/i.exec(value) ?? [];
    if (scheme === undefined || host === undefined) throw new Error('must be like imaps://mail.example');
    const secure = scheme.toLowerCase() === 'imaps';
    const number = Number(port ?? (secure ? 993 : 143));
    if (number < 1 || number > 65_535) throw new Error('must name a port up to 65535');
    return { host, port: number, security: secure ? 'tls' : scheme.toLowerCase() === 'imap' ? 'starttls' : 'plain' };
  },
};

/** A directory of Microsoft Entra. Not 'common': anybody with a directory could then name themselves as they like. */
export const directoryId: Kind<string> = {
  label: 'UUID',
  parse(value) {
    if (!/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(value))
      throw new Error('must be the id of one directory (a UUID)');
    return value.toLowerCase();
  },
};

export const email: Kind<string> = {
  label: 'e-mail address',
  parse(value) {
    if (!/^[^\s@]+@[^\s@]+$/.test(value) || value.length > 254) throw new Error('must be an e-mail address');
    return value;
  },
};

/** Addresses, networks in CIDR notation, or the names loopback, linklocal and uniquelocal. */
export const networks: Kind<readonly string[]> = {
  label: 'list of addresses',
  parse(value) {
    const items = list.parse(value);
    const wrong = items.filter((item) => !isNetwork(item));
    if (wrong.length > 0) {
      throw new Error(`must be addresses or networks such as 10.0.0.0/8 or loopback; not ${wrong.join(', ')}`);
    }
    return items;
  },
};

export const nameServers: Kind<NameServers> = { label: 'name servers', parse: readNameServers };
/** The same, and host names. */
export const hosts: Kind<readonly string[]> = {
  label: 'list of hosts',
  parse(value) {
    const items = list.parse(value);
    const wrong = items.filter((item) => !isNetwork(item) && !/^[a-z\d]([a-z\d.-]*[a-z\d])?$/i.test(item));
    if (wrong.length > 0) throw new Error(`must be host names, addresses or networks; not ${wrong.join(', ')}`);
    return items;
  },
};

function isNetwork(item: string): boolean {
  if (['loopback', 'linklocal', 'uniquelocal'].includes(item)) return true;
  const [address = '', prefix, ...rest] = item.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  if (prefix === undefined) return true;
  if (!/^\d+$/.test(prefix)) return false;
  try {
    new BlockList().addSubnet(address, Number(prefix), family === 4 ? 'ipv4' : 'ipv6');
    return true;
  } catch {
    return false;
  }
}
