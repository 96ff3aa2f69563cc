import { postJson } from '../json.js';
import { confirmation } from '../accounts/security.js';
import { send } from '../session.js';
import type {
  DomainList,
  NewProvisioningToken,
  OrganisationDomain,
  OrganisationProvider,
  OrganisationProviderList,
  ProviderFields,
  Provisioning,
} from '../types.js';

const read = async <T>(path: string): Promise<T> => (await (await send(path)).json()) as T;
const provider = (id: string): string => `/organisation/identity-providers/${encodeURIComponent(id)}`;
const domainPath = (domain: string): string => `/organisation/domains/${encodeURIComponent(domain)}`;

export const listDomains = async (): Promise<readonly OrganisationDomain[]> =>
  (await read<DomainList>('/organisation/domains')).domains;

export async function claimDomain(domain: string): Promise<void> {
  await send('/organisation/domains', postJson({ domain }));
}

export async function verifyDomain(domain: string): Promise<void> {
  await send(`${domainPath(domain)}/verify`, { method: 'POST' });
}

export async function removeDomain(domain: string): Promise<void> {
  await send(domainPath(domain), { method: 'DELETE' });
}

export const listProviders = async (): Promise<readonly OrganisationProvider[]> =>
  (await read<OrganisationProviderList>('/organisation/identity-providers')).providers;

export async function addProvider(fields: ProviderFields, password: string): Promise<void> {
  await send('/organisation/identity-providers', postJson({ ...fields, ...confirmation(password) }));
}

export async function changeProvider(id: string, fields: ProviderFields, password: string): Promise<void> {
  await send(provider(id), postJson({ ...fields, ...confirmation(password) }, 'PUT'));
}

export async function activateProvider(id: string, password: string): Promise<void> {
  await send(provider(id), postJson({ active: true, ...confirmation(password) }, 'PATCH'));
}

export async function stopProvider(id: string): Promise<void> {
  await send(provider(id), postJson({ active: false }, 'PATCH'));
}

export async function removeProvider(id: string): Promise<void> {
  await send(provider(id), { method: 'DELETE' });
}

export const getProvisioning = (): Promise<Provisioning> => read('/organisation/provisioning');

export async function createProvisioningToken(password: string): Promise<string> {
  const answer = await send('/organisation/provisioning/tokens', postJson(confirmation(password)));
  return ((await answer.json()) as NewProvisioningToken).token;
}

export async function removeProvisioningToken(id: string): Promise<void> {
  await send(`/organisation/provisioning/tokens/${encodeURIComponent(id)}`, { method: 'DELETE' });
}

export async function setGroupAdministers(id: string, administers: boolean, password = ''): Promise<void> {
  const fields = { administers, ...confirmation(password) };
  await send(`/organisation/provisioning/groups/${encodeURIComponent(id)}`, postJson(fields, 'PATCH'));
}
