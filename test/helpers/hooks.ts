import net from 'node:net';

/** Tests talk to this machine only: an unplanned connection elsewhere fails loudly instead of leaking or hanging. */
const connect = net.Socket.prototype.connect;
const LOCAL = new Set(['127.0.0.1', '::1', 'localhost', '0.0.0.0', '::', '']);

net.Socket.prototype.connect = function (this: net.Socket, ...args: unknown[]): net.Socket {
  const first: unknown = Array.isArray(args[0]) ? args[0][0] : args[0];
  const host = typeof first === 'object' && first !== null && 'host' in first ? String(first.host) : '';
  if (!LOCAL.has(host)) throw new Error(`a test tried to connect to ${host}`);
  return Reflect.apply(connect, this, args) as net.Socket;
} as typeof connect;
