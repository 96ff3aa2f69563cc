import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { PASSWORD } from '../../services/parts.js';
import { organisationWith } from './organisation-provider.js';
import type { Organisation } from './organisation-provider.js';
import type { Member, TestServer } from '../server.js';

// Requests as the directories document them, written after
// learn.microsoft.com/entra/identity/app-provisioning/use-scim-to-provision-users-and-groups (Entra ID) and
// developer.okta.com/docs/api/openapi/okta-scim/guides/scim-20 (Okta).
export const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group';
export const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
export const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

export interface User {
  readonly id: string;
  readonly userName: string;
  readonly active: boolean;
  readonly externalId?: string;
  readonly displayName?: string;
  readonly name?: { readonly givenName?: string; readonly familyName?: string };
  readonly emails?: readonly { readonly value: string; readonly type?: string }[];
  readonly meta: { readonly location: string };
}
export interface Group {
  readonly id: string;
  readonly displayName: string;
  readonly members?: readonly { readonly value: string }[];
}
export interface List<T> {
  readonly totalResults: number;
  readonly startIndex: number;
  readonly itemsPerPage: number;
  readonly Resources: readonly T[];
}

/** An organisation with a verified domain, its directory's token, and requests as directories send them. */
export async function openDirectory(server: TestServer) {
  const organisation: Organisation = await organisationWith(server);
  const { owner } = organisation;
  const tokenOf = async (as: Member): Promise<string> => {
    const answer = await server.send('POST', '/organisation/provisioning/tokens', { as, json: { password: PASSWORD } });
    assert.equal(answer.status, 201);
    return ((await answer.json()) as { token: string }).token;
  };
  const own = await tokenOf(owner);
  const ask = (method: string, path: string, body?: unknown, bearer = own): Promise<Response> =>
    fetch(`${server.url}/scim/v2${path}`, {
      method,
      headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/scim+json; charset=utf-8' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const get = async <T>(method: string, path: string, body?: unknown, status = 200): Promise<T> => {
    const answer = await ask(method, path, body);
    const text = await answer.text();
    assert.equal(answer.status, status, text);
    assert.equal(answer.headers.get('content-type')?.split(';')[0], 'application/scim+json');
    return JSON.parse(text) as T;
  };
  const refuses = async (answer: Response, status: number, scimType?: string): Promise<string> => {
    const error = (await answer.json()) as { schemas: string[]; status: string; scimType?: string; detail: string };
    assert.deepEqual(
      [answer.status, error.schemas, error.status, error.scimType],
      [status, ['urn:ietf:params:scim:api:messages:2.0:Error'], String(status), scimType],
      error.detail,
    );
    return error.detail;
  };
  const entraUser = (userName: string, more: object = {}) => ({
    schemas: [USER, ENTERPRISE],
    externalId: randomUUID(),
    userName,
    active: true,
    emails: [{ primary: true, type: 'work', value: userName }],
    meta: { resourceType: 'User' },
    name: { formatted: 'Ann Adams', familyName: 'Adams', givenName: 'Ann' },
    roles: [],
    [ENTERPRISE]: { department: 'Sales' },
    ...more,
  });
  let count = 0;
  const fresh = (domain = organisation.domain): string => `person-${(count += 1)}@${domain}`;
  const create = (userName = fresh(), more: object = {}) => get<User>('POST', '/Users', entraUser(userName, more), 201);
  const patch = (path: string, ...Operations: object[]) => ask('PATCH', path, { schemas: [PATCH], Operations });
  const roleOf = async (email: string, tenant = owner.tenantId): Promise<string | null> => {
    const [row] = await server.database.admin<{ role: string }[]>`select m.role from postern.memberships m
      join postern.users u on u.user_id = m.user_id where u.email = ${email} and m.tenant_id = ${tenant}`;
    return row?.role ?? null;
  };
  const withPassword = async (role: 'org_member' | 'org_admin' | 'org_owner', tenant?: string): Promise<Member> => {
    const member = await server.member(role, tenant);
    const email = fresh();
    await server.database.admin`update postern.users set email = ${email} where user_id = ${member.userId}`;
    return { ...member, email };
  };
  return {
    organisation,
    owner,
    token: own,
    tokenOf,
    ask,
    get,
    refuses,
    entraUser,
    fresh,
    create,
    patch,
    roleOf,
    withPassword,
  };
}

export type Directory = Awaited<ReturnType<typeof openDirectory>>;
