import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import samlp from 'samlp';
import { closeGently, listen } from '../../src/serve.js';
import { createServer } from 'node:http';

export interface SamlPerson {
  readonly id: string;
  readonly email: string;
  readonly name: string;
}

/** A SAML 2.0 identity provider that others wrote (samlp), on this machine, where everybody is already signed in as `person`. */
export interface TestSamlProvider {
  readonly issuer: string;
  readonly signInUrl: string;
  readonly certificate: string;
  readonly key: string;
  /** Where responses are posted to: the provider is told, as an administrator would tell it. */
  acs: string;
  person: SamlPerson;
  /** Overrides what the next responses are made with, as samlp names it. */
  options: Readonly<Record<string, unknown>>;
  close(): Promise<void>;
}

export interface KeyPair {
  readonly certificate: string;
  readonly key: string;
}

/** Certificates are made with it. */
export const hasOpenssl = (): boolean => spawnSync('openssl', ['version']).status === 0;

export function makeKeyPair(bits = 2048): KeyPair {
  const folder = mkdtempSync(join(tmpdir(), 'postern-saml-'));
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  try {
    const subject = ['-subj', '/CN=id.example', '-days', '2', '-nodes'];
    const made = spawnSync('openssl', [
      'req',
      '-x509',
      '-newkey',
      `rsa:${bits}`,
      '-keyout',
      key,
      '-out',
      certificate,
      ...subject,
    ]);
    if (made.status !== 0) throw new Error(`openssl made no certificate: ${String(made.stderr)}`);
    return { certificate: readFileSync(certificate, 'utf8'), key: readFileSync(key, 'utf8') };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export async function startSamlProvider(): Promise<TestSamlProvider> {
  const pair = makeKeyPair();
  const app = express();
  const server = createServer(app);
  const origin = `http://127.0.0.1:${await listen(server, '127.0.0.1', 0)}`;
  const issuer = 'urn:example:identity-provider';
  const provider: TestSamlProvider = {
    ...{ issuer, signInUrl: `${origin}/sign-in`, certificate: pair.certificate, key: pair.key },
    acs: '',
    person: { id: 'nobody', email: 'nobody@nowhere.example', name: '' },
    options: {},
    close: () => closeGently(server, 100),
  };
  app.get('/sign-in', (request, response, next) => {
    const { id, email, name } = provider.person;
    samlp.auth({
      ...{ issuer, cert: pair.certificate, key: pair.key, ...provider.options },
      getPostURL: (_audience, _request, _http, done) => done(null, provider.acs),
      ...{ destination: provider.acs, recipient: provider.acs },
      getUserFromRequest: () => ({ id, emails: [{ value: email }], displayName: name, name: {} }),
      ...provider.options,
    })(request, response, next);
  });
  return provider;
}
