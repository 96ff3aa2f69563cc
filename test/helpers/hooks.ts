import dgram from 'node:dgram';
import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';

/**
 * Tests talk to this machine only. An unplanned connection, datagram or name lookup throws where it is made, so that it neither leaks
 * nor hangs. http, tls, fetch and undici all connect through net.Socket.
 */
const LOCAL = /^(localhost|127(\.\d+){3}|::1|0\.0\.0\.0|::|)$/;

function refuse(what: string): never {
  throw new Error(`a test tried to ${what}; tests have no network`);
}

type Patched = (this: unknown, ...args: unknown[]) => unknown;

/** Puts a guard in front of `owner[name]`. */
function guard(owner: object, name: string, check: (args: readonly unknown[], self: unknown) => void): void {
  const original = Reflect.get(owner, name) as Patched;
  const guarded: Patched = function (...args) {
    check(args, this);
    return Reflect.apply(original, this, args);
  };
  Reflect.set(owner, name, guarded);
}

/** The host in the arguments of connect: (options), (port, host), (path), or net's own normalised array of these. */
function hostOf(args: readonly unknown[]): string {
  const [first, second] = Array.isArray(args[0]) ? (args[0] as unknown[]) : args;
  if (typeof first === 'object' && first !== null) {
    return 'host' in first && typeof first.host === 'string' ? first.host : '';
  }
  return typeof first === 'number' && typeof second === 'string' ? second : '';
}

guard(net.Socket.prototype, 'connect', (args) => {
  const host = hostOf(args);
  if (!LOCAL.test(host)) refuse(`connect to ${host}`);
});

for (const name of ['connect', 'send']) {
  guard(dgram.Socket.prototype, name, (args) => {
    const host = args.filter((arg) => typeof arg === 'string').at(-1) ?? '';
    if (!LOCAL.test(host)) refuse(`send a datagram to ${host}`);
  });
}

/** A resolver that was pointed at name servers on this machine. */
function asksHere(resolver: unknown): boolean {
  if (!(resolver instanceof dns.Resolver) && !(resolver instanceof dns.promises.Resolver)) return false;
  return resolver.getServers().every((server) => LOCAL.test(server.replace(/^(127[.\d]+):\d+$/, '$1')));
}

for (const owner of [dns, dns.promises]) {
  for (const name of ['lookup', 'lookupService']) {
    guard(owner, name, ([host]) => {
      if (typeof host === 'string' && net.isIP(host) === 0 && !LOCAL.test(host)) refuse(`look up ${host}`);
    });
  }
}
for (const owner of [dns, dns.promises, dns.Resolver.prototype, dns.promises.Resolver.prototype]) {
  for (const name of Object.getOwnPropertyNames(owner).filter((key) => /^(resolve|reverse)/.test(key))) {
    guard(owner, name, ([host], self) => {
      if (!asksHere(self)) refuse(`resolve ${String(host)}`);
    });
  }
}
syncBuiltinESMExports();
