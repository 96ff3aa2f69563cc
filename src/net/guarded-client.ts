import { isIP } from 'node:net';
import { createHttpClient } from './http-client.js';
import type { HttpClient, HttpLimits } from './http-client.js';
import { NetFault } from './net-fault.js';
import { isPublicAddress, publicLookup } from './public-address.js';
import type { Resolve } from './public-address.js';

export interface GuardedOptions {
  readonly limits?: Partial<HttpLimits>;
  /** Origins (`http://localhost:11434`) that the operator has named: reached wherever they are, also without encryption. */
  readonly allowed?: readonly string[];
  readonly resolve?: Resolve;
}

/**
 * The client for addresses that a user or a message chose: https to public addresses only, checked when the connection is made; no
 * redirect is followed; time and size are bounded. NetFault `forbidden` for everything else.
 */
export function createGuardedClient({ limits = {}, allowed = [], resolve }: GuardedOptions): HttpClient {
  const trusted = new Set(allowed.map((origin) => new URL(origin).origin));
  const open = createHttpClient(limits);
  const guarded = createHttpClient(limits, publicLookup(resolve));

  return {
    async send(request) {
      if (trusted.has(request.url.origin)) return open.send(request);
      refuseInner(request.url);
      return guarded.send(request);
    },
    async close() {
      await Promise.all([open.close(), guarded.close()]);
    },
  };
}

/** A socket looks up no name that is an address already, so these are judged here. */
function refuseInner({ protocol, hostname, username, password }: URL): void {
  if (protocol !== 'https:') throw new NetFault('forbidden', 'only https is allowed there');
  if (username !== '' || password !== '') throw new NetFault('forbidden', 'the address holds a password');
  const bare = hostname.replace(/^\[|\]$/g, '');
  if (isIP(bare) !== 0 && !isPublicAddress(bare)) throw new NetFault('forbidden', 'the address is not a public one');
}
