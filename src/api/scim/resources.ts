import type { ProvisionedGroup, ProvisionedPerson } from '../../services/provisioning/directory.js';

export const SCHEMA = {
  User: 'urn:ietf:params:scim:schemas:core:2.0:User',
  Group: 'urn:ietf:params:scim:schemas:core:2.0:Group',
} as const;

/** A person as SCIM writes users (RFC 7643, 4.1). What is not known is left out. */
export function userResource(base: string, person: ProvisionedPerson): object {
  const { id, externalId, userName, displayName, formatted, familyName, givenName, emails, active } = person;
  const name = without({ formatted, familyName, givenName });
  return without({
    ...{ schemas: [SCHEMA.User], id, externalId, userName, displayName, active },
    name: Object.keys(name).length === 0 ? null : name,
    emails: emails.length === 0 ? null : emails.map((email) => without({ ...email })),
    meta: meta('User', `${base}/Users/${id}`, person),
  });
}

/** A group as SCIM writes them (RFC 7643, 4.2). `bare`: without its members, which can be thousands. */
export function groupResource(base: string, group: ProvisionedGroup, bare: boolean): object {
  const { id, externalId, displayName, members } = group;
  return without({
    ...{ schemas: [SCHEMA.Group], id, externalId, displayName },
    members: bare
      ? null
      : members.map(({ id: value, userName: display }) => ({
          ...{ value, display, type: 'User' },
          $ref: `${base}/Users/${value}`,
        })),
    meta: meta('Group', `${base}/Groups/${id}`, group),
  });
}

export function listResponse(total: number, startIndex: number, resources: readonly object[]): object {
  return {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
    totalResults: total,
    startIndex,
    itemsPerPage: resources.length,
    Resources: resources,
  };
}

function meta(resourceType: string, location: string, row: { readonly createdAt: Date; readonly changedAt: Date }) {
  return { resourceType, created: row.createdAt.toISOString(), lastModified: row.changedAt.toISOString(), location };
}

function without(resource: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(resource).filter(([, value]) => value !== null));
}
