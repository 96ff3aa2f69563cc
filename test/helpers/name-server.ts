import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { once } from 'node:events';
import { decode, encode, TRUNCATED_RESPONSE } from 'dns-packet';
import type { Answer } from 'dns-packet';

/** A name server on loopback over UDP and TCP (RFC 1035) that knows the records it is given; `silent` names get no answer at all. */
export interface NameServer {
  /** As `POSTERN_DNS` takes it. */
  readonly address: string;
  /** Every question in the order it came: `TXT name udp`. */
  readonly questions: string[];
  close(): Promise<void>;
}

export interface Zone {
  readonly records: readonly Answer[];
  readonly silent?: readonly string[];
  readonly broken?: readonly string[];
}

const LARGEST_DATAGRAM = 512;

export async function startNameServer(zone: Zone): Promise<NameServer> {
  const questions: string[] = [];
  const udp = createSocket('udp4');
  udp.bind(0, '127.0.0.1');
  await once(udp, 'listening');
  const { port } = udp.address();
  const tcp = await listenTcp(port);

  udp.on('message', (query, from) => {
    const reply = answer(query, 'udp');
    if (reply !== null) udp.send(reply, from.port, from.address);
  });
  tcp.on('connection', (socket) => {
    socket.on('error', () => undefined);
    socket.once('data', (data) => {
      const reply = answer(data.subarray(2), 'tcp');
      if (reply === null) return;
      const length = Buffer.alloc(2);
      length.writeUInt16BE(reply.length);
      socket.end(Buffer.concat([length, reply]));
    });
  });

  function answer(query: Buffer, over: 'udp' | 'tcp'): Buffer | null {
    const { id = 0, questions: asked = [] } = decode(query);
    const [question] = asked;
    if (question === undefined) return null;
    questions.push(`${question.type} ${question.name} ${over}`);
    if (zone.silent?.includes(question.name) === true) return null;
    const reply = { type: 'response' as const, id, questions: asked };
    if (zone.broken?.includes(question.name) === true) return encode({ ...reply, flags: 2 });
    const known = zone.records.some(({ name }) => name === question.name);
    const answers = zone.records.filter(({ name, type }) => name === question.name && type === question.type);
    const whole = encode({ ...reply, flags: known ? 0 : 3, answers: [...answers] });
    return over === 'udp' && whole.length > LARGEST_DATAGRAM ? encode({ ...reply, flags: TRUNCATED_RESPONSE }) : whole;
  }

  return {
    address: `127.0.0.1:${port}`,
    questions,
    async close() {
      udp.close();
      const closed = once(tcp, 'close');
      tcp.close();
      await closed;
    },
  };
}

async function listenTcp(port: number): Promise<Server> {
  const server = createServer();
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  if ((server.address() as AddressInfo).port !== port) throw new Error('another port was given');
  return server;
}
