import { randomBytes, randomUUID } from 'node:crypto';
import { createVault } from '../../../src/crypto/vault.js';
import { loadKeyRing } from '../../../src/crypto/key-ring.js';
import { createGuardedClient } from '../../../src/net/guarded-client.js';
import type { Resolver } from '../../../src/net/resolver.js';
import { PASSWORD } from '../../services/parts.js';
import { openOrganisationProviders } from '../../../src/services/single-sign-on/open-organisation-providers.js';
import type { Member, TestServer } from '../server.js';

/** Lets organisations use a provider at `origin`, on this machine, as an operator would. Returns how to stop. */
export async function allowProviderAt(
  server: TestServer,
  origin: string,
  resolver: Pick<Resolver, 'resolve'> | null = null,
): Promise<() => Promise<void>> {
  const ring = await loadKeyRing({ keys: [randomBytes(32).toString('base64')], file: '/nonexistent' });
  const http = createGuardedClient({ allowed: [origin] });
  const vault = createVault(ring, 'identity-providers');
  const organisationProviders = openOrganisationProviders({ http, vault, resolver, allowed: [origin] });
  Object.assign(server.parts.accounts, { organisationProviders });
  return () => http.close();
}

/** An organisation with a domain that the platform has confirmed. */
export async function organisationWith(server: TestServer, domain = `${randomUUID()}.example`): Promise<Organisation> {
  const owner = await server.member('org_owner');
  await server.database.admin`insert into postern.organisation_domains
    (tenant_id, domain, challenge, verified_at, verified_by) values (${owner.tenantId}, ${domain}, 'x', now(), 'platform')`;
  return { owner, domain };
}

export interface Organisation {
  readonly owner: Member;
  readonly domain: string;
}

export async function addProvider(
  server: TestServer,
  owner: Member,
  json: object,
): Promise<{ readonly id: string; readonly [key: string]: unknown }> {
  const fields = { ...json, password: PASSWORD };
  const made = await server.send('POST', '/organisation/identity-providers', { as: owner, json: fields });
  if (made.status !== 201) throw new Error(`${made.status}: ${await made.text()}`);
  const provider = (await made.json()) as { id: string };
  const path = `/organisation/identity-providers/${provider.id}`;
  const active = await server.send('PATCH', path, { as: owner, json: { active: true, password: PASSWORD } });
  if (active.status !== 204) throw new Error(`${active.status}: ${await active.text()}`);
  return provider;
}
