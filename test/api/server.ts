import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAppServer } from '../../src/api/app-server.js';
import { createApp } from '../../src/api/app.js';
import type { AppOptions } from '../../src/api/app.js';
import type { AccountParts } from '../../src/services/accounts/account-parts.js';
import { closeGently, listen } from '../../src/serve.js';
import type { TenantRole } from '../../src/store/store.js';
import { createTestParts } from '../services/parts.js';
import type { TestParts } from '../services/parts.js';

export interface TestServer extends TestParts {
  readonly url: string;
  /** Sends a request below /api/v1. `as`: an access token. */
  send(method: string, path: string, options?: SendOptions): Promise<Response>;
  /** Creates a person in a tenant and signs them in over HTTP. */
  member(role: TenantRole, tenant?: string): Promise<Member>;
  close(): Promise<void>;
}

export interface SendOptions {
  readonly as?: string | Member;
  readonly json?: unknown;
  readonly body?: NonNullable<RequestInit['body']>;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Member {
  readonly email: string;
  readonly userId: string;
  readonly tenantId: string;
  readonly token: string;
}

/** The real application on a free port, on a real database, with a real scan pool; every answer is checked against its schema. */
export async function startTestServer(
  options: Partial<AppOptions> & { readonly env?: Readonly<Record<string, string>> } = {},
  accounts: Partial<AccountParts> = {},
): Promise<TestServer> {
  let url = 'http://127.0.0.1';
  const parts = await createTestParts({ publicUrl: () => url, ...accounts }, options.env);
  const dashboard = mkdtempSync(join(tmpdir(), 'postern-dashboard-'));
  const { server, serve } = createAppServer();
  const port = await listen(server, '127.0.0.1', 0);
  url = `http://127.0.0.1:${port}`;
  const app = createApp({
    parts: parts.parts,
    publicUrl: url,
    trustedProxies: [],
    uploadLimit: 1_000_000,
    dashboard,
    version: '0.0.0',
    draining: () => false,
    verifyAnswers: true,
    ...options,
  });
  serve(app);

  const send: TestServer['send'] = (method, path, { as, json, body, headers } = {}) => {
    const token = typeof as === 'object' ? as.token : as;
    const payload = json === undefined ? body : JSON.stringify(json);
    return fetch(`${url}/api/v1${path}`, {
      method,
      redirect: 'manual',
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(json === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(payload === undefined ? {} : { body: payload }),
    });
  };

  return {
    ...parts,
    url,
    send,
    async member(role, tenant) {
      const person = await parts.person(role, tenant);
      const answer = await send('POST', '/auth/login', { json: { email: person.email, password: person.password } });
      const { access_token: token } = (await answer.json()) as { access_token: string };
      return { ...person, token };
    },
    async close() {
      await closeGently(server, 100);
      await parts.close();
      rmSync(dashboard, { recursive: true, force: true });
    },
  };
}

/** A multipart body with the message as the part `file`. */
export function fileForm(message: string | Uint8Array, name = 'message.eml'): FormData {
  const form = new FormData();
  form.append('file', new Blob([new Uint8Array(Buffer.from(message))], { type: 'message/rfc822' }), name);
  return form;
}
