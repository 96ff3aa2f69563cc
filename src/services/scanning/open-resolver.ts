import { readNameServers } from '../../net/name-servers.js';
import type { NameServers } from '../../net/name-servers.js';
import { createResolver } from '../../net/resolver.js';
import type { Resolver } from '../../net/resolver.js';

/** Null where nobody may be asked. */
export function openResolver(servers: NameServers): Resolver | null {
  if (servers === 'off') return null;
  return createResolver({ servers: servers === 'system' ? null : servers });
}

export { readNameServers };
export type { Resolver };
