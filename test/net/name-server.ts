import { createSocket } from 'node:dgram';
import { once } from 'node:events';

/** Records by `TYPE name`; 'refused' and 'silent' are servers in trouble. */
export type Zone = Readonly<Record<string, readonly (string | readonly string[])[] | 'refused' | 'silent'>>;

export interface NameServer {
  /** As a resolver is told of it. */
  readonly address: string;
  /** Every question, as `TYPE name`. */
  readonly asked: string[];
  close(): Promise<void>;
}

const TYPES: Readonly<Record<number, string>> = { 1: 'A', 12: 'PTR', 15: 'MX', 16: 'TXT', 28: 'AAAA' };
const OK = 0x8180;
const NO_SUCH_NAME = 0x8183;
const REFUSED = 0x8185;

/** A name server (RFC 1035) on a free port of this machine, whose zone is all there is. */
export async function startNameServer(zone: Zone): Promise<NameServer> {
  const socket = createSocket('udp4');
  const asked: string[] = [];
  socket.on('message', (query, peer) => {
    const { name, end } = readName(query, 12);
    const number = query.readUInt16BE(end);
    const question = `${TYPES[number] ?? String(number)} ${name}`;
    asked.push(question);
    const records = zone[question];
    if (records === 'silent') return;
    const flags = records === 'refused' ? REFUSED : records === undefined ? NO_SUCH_NAME : OK;
    const answers = typeof records === 'object' ? records.map((record) => answerOf(number, record)) : [];
    const header = Buffer.alloc(12);
    query.copy(header, 0, 0, 2);
    header.writeUInt16BE(flags, 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(answers.length, 6);
    socket.send(Buffer.concat([header, query.subarray(12, end + 4), ...answers]), peer.port, peer.address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    address: `127.0.0.1:${socket.address().port}`,
    asked,
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}

function readName(packet: Buffer, start: number): { readonly name: string; readonly end: number } {
  const labels: string[] = [];
  let at = start;
  for (let length = packet[at] ?? 0; length > 0; length = packet[at] ?? 0) {
    labels.push(packet.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), end: at + 1 };
}

function writeName(name: string): Buffer {
  return Buffer.concat([...name.split('.').map(characters), Buffer.from([0])]);
}

function characters(text: string): Buffer {
  return Buffer.concat([Buffer.from([text.length]), Buffer.from(text, 'latin1')]);
}

/** The name is a pointer to the one in the question. */
function answerOf(type: number, record: string | readonly string[]): Buffer {
  const content = contentOf(type, record);
  const head = Buffer.from([0xc0, 12, 0, type, 0, 1, 0, 0, 0, 60, content.length >> 8, content.length & 255]);
  return Buffer.concat([head, content]);
}

function contentOf(type: number, record: string | readonly string[]): Buffer {
  const pieces = [record].flat();
  const [first = '', second = ''] = pieces;
  switch (TYPES[type] ?? '') {
    case 'A':
      return Buffer.from(first.split('.').map(Number));
    case 'AAAA':
      return Buffer.from(
        first
          .split(':')
          .map((group) => group.padStart(4, '0'))
          .join(''),
        'hex',
      );
    case 'MX':
      return Buffer.concat([Buffer.from([0, Number(first)]), writeName(second)]);
    case 'TXT':
      return Buffer.concat(pieces.map(characters));
    default:
      return writeName(first);
  }
}
