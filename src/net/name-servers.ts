import { isIP } from 'node:net';

/** Whom to ask for DNS: nobody, whoever the system asks, or the servers named. */
export type NameServers = 'off' | 'system' | readonly string[];

/** `off`, `system`, or addresses with a port where it is not 53: `10.0.0.53`, `127.0.0.1:5353`, `[::1]:53`. Throws an Error that says what is wrong. */
export function readNameServers(text: string): NameServers {
  if (text === 'off' || text === 'system') return text;
  const servers = text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
  const wrong = servers.filter((server) => !isServer(server));
  if (servers.length === 0 || wrong.length > 0) {
    throw new Error(
      `must be off, system, or addresses of name servers such as 10.0.0.53${wrong.length > 0 ? `; not ${wrong.join(', ')}` : ''}`,
    );
  }
  return servers;
}

function isServer(server: string): boolean {
  if (isIP(server) !== 0) return true;
  const [, host = '', port = ''] = /^(.+):(\d{1,5})$/.exec(server) ?? [];
  const number = Number(port);
  if (number < 1 || number > 65_535) return false;
  return isIP(host) === 4 || (/^\[.+\]$/.test(host) && isIP(host.slice(1, -1)) === 6);
}
