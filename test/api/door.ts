import { createServer, request } from 'node:http';
import { createDoor } from '../../src/api/checkv2/door.js';
import type { DoorOptions } from '../../src/api/checkv2/check.js';
import { closeGently, listen } from '../../src/serve.js';
import { OFFLINE } from '../../src/services/scanning/lookup-port.js';
import { PASSWORD } from '../services/parts.js';
import type { TestServer } from './server.js';

export interface Answer {
  readonly status: number;
  readonly text: string;
}

export interface TestDoor {
  readonly port: number;
  /** Asks as a mail server does. A header with several values is sent as often. */
  ask(
    message: string | Uint8Array,
    headers?: Readonly<Record<string, string | string[]>>,
    path?: string,
  ): Promise<Answer>;
  close(): Promise<void>;
}

/** The door for mail servers on a free port, before the real product. `zone` is all of DNS: name -> TXT records; null: there is none. */
export async function openDoor(
  server: TestServer,
  {
    zone = null,
    ...options
  }: Partial<DoorOptions> & { readonly zone?: Readonly<Record<string, string[]>> | null } = {},
): Promise<TestDoor> {
  const lookup = {
    ...OFFLINE,
    dns: (name: string, type: string) => Promise.resolve({ answer: type === 'TXT' ? (zone?.[name] ?? []) : [] }),
  };
  const parts = zone === null ? server.parts : { ...server.parts, lookup };
  const http = createServer(createDoor({ parts, uploadLimit: 1_000_000, key: null, ...options }));
  const port = await listen(http, '127.0.0.1', 0);
  return {
    port,
    ask: (message, headers = {}, path = '/checkv2') =>
      new Promise((resolve, reject) => {
        const body = Buffer.from(message);
        const sent = request({
          port,
          host: '127.0.0.1',
          path,
          method: 'POST',
          headers: { ...headers, 'content-length': body.length },
        });
        sent.on('error', reject);
        sent.on('response', (answer) => {
          let text = '';
          answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
          answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }));
        });
        sent.end(body);
      }),
    close: () => closeGently(http, 100),
  };
}

/** An API key of this person. */
export async function keyOf(server: TestServer, as: string, fields: object = {}): Promise<string> {
  const answer = await server.send('POST', '/api-keys', {
    as,
    json: { name: 'mx', scopes: ['scan:write'], password: PASSWORD, ...fields },
  });
  return ((await answer.json()) as { secret: string }).secret;
}
